-- script.lua: closures, coroutines, strings, tables, files, errors, garbage.
local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
print("fib", fib(20), 7 // 2, 7 / 2, 2 ^ 10, 10 % 3, 1 << 40)

local words = {}
for w in ("the quick brown fox jumps over the lazy dog"):gmatch("%a+") do words[#words + 1] = w end
table.sort(words)
print(#words, table.concat(words, " "), ("%5.2f|%q|%x"):format(math.pi, "a\nb", 255))

local gen = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end end)
print("coroutine", gen(), gen(), gen())

local ok, why = pcall(function() error({ code = 7 }) end)
print("error", ok, why.code, select(2, pcall(error, "text", 0)))

local point = setmetatable({ x = 1, y = 2 }, { __add = function(a, b) return a.x + b.x + a.y + b.y end,
	__tostring = function(p) return "(" .. p.x .. "," .. p.y .. ")" end })
print("metatable", point + point, tostring(point))

local name = "lua-test.txt"
local file = assert(io.open(name, "w"))
file:write("first\n", 2, "\n", 3.5, "\n")
file:close()
for line in io.lines(name) do io.write("[", line, "]") end
print()
print("seek", io.open(name):seek("end"), io.open("/no/such/file"))

for _ = 1, 20 do local t = {} for i = 1, 1000 do t[i] = { i } end end
collectgarbage()
print("memory below 1 MB", collectgarbage("count") < 1024)
print("date", os.date("!%Y-%m-%d %H:%M:%S", 86400 * 365), os.time({ year = 2000, month = 1, day = 1, hour = 12 }) > 0)
print("clock", os.clock() >= 0, os.getenv("NO_SUCH_VARIABLE"), utf8.char(228, 8364))
os.exit(3)
