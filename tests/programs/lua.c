/*
 * lua.c - runs a Lua script: the file that is named, or what comes on standard input. Linked with
 * Debian's liblua5.4.a.
 */
#include <stdio.h>

#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <lua5.4/lualib.h>

int main(int argc, char **argv)
{
	lua_State *lua = luaL_newstate();

	if (!lua)
		return 2;
	luaL_openlibs(lua);
	if (luaL_dofile(lua, argc > 1 ? argv[1] : NULL)) {
		fprintf(stderr, "%s\n", lua_tostring(lua, -1));
		return 1;
	}
	lua_close(lua);
	return 0;
}
