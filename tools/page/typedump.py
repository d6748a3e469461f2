"""Run by gdb: writes the layout of the kernel's types as JSON. See layout.py.

Expects two variables: TYPES, a list of (type, a symbol of a file that knows it), and OUTPUT, a path.
A type is {"size": bytes, "fields": [[name, offset, size, kind, type, more]]}. kind: "int", "uint",
"bool", "char", "enum" (more: {value: name}), "ptr" (more: what it points to), "struct" (more: its
key), "array" (more: [kind of an element, its size, how many, more of it]). A bit field is left out.
"""
import json

import gdb

KINDS = {gdb.TYPE_CODE_PTR: "ptr", gdb.TYPE_CODE_ENUM: "enum", gdb.TYPE_CODE_BOOL: "bool",
         gdb.TYPE_CODE_CHAR: "char", gdb.TYPE_CODE_ARRAY: "array", gdb.TYPE_CODE_STRUCT: "struct",
         gdb.TYPE_CODE_UNION: "struct", gdb.TYPE_CODE_INT: "int"}
found = {}


def key_of(kind):
    """The name a struct is kept under; one without a name by its contents."""
    return kind.tag and f"{kind} "[:-1] or "struct {" + " ".join(f.name or "" for f in kind.fields()) + "}"


def describe(kind):
    """(kind, more) of a type."""
    bare = kind.strip_typedefs().unqualified()
    name = KINDS.get(bare.code, "int")
    if name == "int" and bare.name and bare.name.startswith("unsigned"):
        name = "uint"
    if name == "int" and bare.sizeof == 1:
        name = "char"
    if name == "ptr":
        target = bare.target().strip_typedefs().unqualified()
        return name, str(target)
    if name == "enum":
        return name, {str(field.enumval): field.name for field in bare.fields()}
    if name == "struct":
        return name, add(bare)
    if name == "array":
        low, high = bare.range()
        inner = bare.target()
        return name, [describe(inner)[0], inner.sizeof, high - low + 1, describe(inner)[1]]
    return name, None


def fields_of(bare, base=0):
    """The fields; those of a member without a name count as our own."""
    result = []
    for field in bare.fields():
        if getattr(field, "bitsize", 0) or not hasattr(field, "bitpos"):
            continue
        offset = base + field.bitpos // 8
        if not field.name:
            result += fields_of(field.type.strip_typedefs(), offset)
            continue
        kind, more = describe(field.type)
        result.append([field.name, offset, field.type.sizeof, kind, str(field.type), more])
    return result


def add(bare):
    """Keep a struct; returns its key."""
    key = key_of(bare)
    if key not in found:
        found[key] = None               # it may contain a pointer to itself
        found[key] = {"size": bare.sizeof, "fields": fields_of(bare)}
    return key


def near(name, symbol):
    """The type as the source file that defines @symbol knows it."""
    known = gdb.lookup_global_symbol(symbol) or gdb.lookup_static_symbol(symbol)
    return gdb.lookup_type(name, known.symtab.static_block()) if known else gdb.lookup_type(name)


for type_name, near_symbol in TYPES:        # noqa: F821
    try:
        add(near(type_name, near_symbol).strip_typedefs())
    except gdb.error as error:
        print(f"{type_name}: {error}")
with open(OUTPUT, "w") as file:             # noqa: F821
    json.dump(found, file)
