"""How kernels reach the world: a pointer to a named tuple of tables, and tables that are indexed from their first row only.

Numba lets an index count from the end where it is negative, and so looks at the sign of every
index. Rules never count from the end: a table takes an index as it is.
"""

from __future__ import annotations

import hashlib
import operator

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, register_model, typeof_impl, unbox

from simsuite.machine.of_numba import (
    AttributeTemplate,
    arrayobj,
    cgutils,
    impl_ret_borrowed,
    lower_builtin,
    models,
    signature,
)


class Table(types.Array):
    """The compiler's type of an array whose indices are never negative; so are those of its rows."""

    def __init__(self, dtype, ndim, layout, readonly=False, aligned=True):
        name = f"Table({dtype}, {ndim}d, {layout}, {readonly}, {aligned})"
        super().__init__(dtype, ndim, layout, readonly=readonly, name=name, aligned=aligned)

    def copy(self, **changed) -> Table:
        return _as_tables(super().copy(**changed))


register_model(Table)(models.ArrayModel)


def _as_tables(kind: types.Type) -> types.Type:
    """The type with its arrays as tables."""
    if isinstance(kind, types.NamedTuple):
        return types.NamedTuple([_as_tables(member) for member in kind.types], kind.instance_class)
    if isinstance(kind, types.Array):
        return Table(kind.dtype, kind.ndim, kind.layout, not kind.mutable, kind.aligned)
    return kind


def _unsigned(index: types.Type) -> types.Type:
    """The type of an index, or of several, that the compiler need not look for a sign in."""
    if isinstance(index, types.BaseTuple):
        return types.Tuple([_unsigned(one) for one in index])
    return types.uintp if index == types.intp else index


def _lower_with(taking: tuple, operation, lowered) -> None:
    """An operation of tables is that of arrays, with indices that have no sign."""

    def with_unsigned(context, builder, asked, arguments):
        table, index, *rest = asked.args
        return lowered(context, builder, signature(asked.return_type, table, _unsigned(index), *rest), arguments)

    lower_builtin(operation, Table, *taking)(with_unsigned)


_lower_with((types.Integer,), operator.getitem, arrayobj.getitem_arraynd_intp)
_lower_with((types.BaseTuple,), operator.getitem, arrayobj.getitem_array_tuple)
_lower_with((types.Integer, types.Any), operator.setitem, arrayobj.setitem_array)
_lower_with((types.BaseTuple, types.Any), operator.setitem, arrayobj.setitem_array)


class Reference(types.Type):
    """The compiler's type of a pointer to a named tuple of tables."""

    def __init__(self, target):
        self.target = _as_tables(target)
        super().__init__(name=f"Reference({target})")

    @property
    def mangling_args(self) -> tuple[str, tuple]:
        """What stands for this type in the names of functions: a digest, where the name itself has many kilobytes."""
        return "Reference", (hashlib.sha256(self.name.encode()).hexdigest()[:16],)


@register_model(Reference)
class _ReferenceModel(models.PrimitiveModel):
    def __init__(self, manager, reference):
        super().__init__(manager, reference, manager.lookup(reference.target).get_value_type().as_pointer())


@infer_getattr
class _ReferenceAttribute(AttributeTemplate):
    key = Reference

    def generic_resolve(self, reference, name):
        if name in reference.target.fields:
            return reference.target[reference.target.fields.index(name)]
        return None


@lower_getattr_generic(Reference)
def _load_field(context, builder, reference, pointer, name):
    place = reference.target.fields.index(name)
    value = _load_for_good(builder, cgutils.gep_inbounds(builder, pointer, 0, place))
    return impl_ret_borrowed(context, builder, reference.target[place], value)


def _load_for_good(builder, pointer):
    """Load what never changes while a kernel runs, member by member, and tell the compiler so.

    Otherwise every write to any record makes it load the addresses of all tables anew.
    """
    kind = pointer.type.pointee
    if isinstance(kind, (ir.LiteralStructType, ir.IdentifiedStructType, ir.ArrayType)):
        value = ir.Constant(kind, ir.Undefined)
        count = kind.count if isinstance(kind, ir.ArrayType) else len(kind.elements)
        for place in range(count):
            member = _load_for_good(builder, cgutils.gep_inbounds(builder, pointer, 0, place))
            value = builder.insert_value(value, member, place)
        return value
    value = builder.load(pointer)
    value.set_metadata("invariant.load", builder.module.add_metadata([]))
    return value


class Pointer:
    """A named tuple of tables, stored once and handed to kernels as one address.

    Handed on by value, a world of twenty tables costs a kilobyte of copies at every
    call of a rule, and twenty microseconds at every call of a kernel.
    """

    __slots__ = ("target", "memory", "address", "_numba_type_")

    def __init__(self, target: tuple):
        self.target = target  # keeps the tables alive
        shape = _shape_of(target)
        if shape not in _REFERENCES:  # working out the type takes 7 milliseconds
            _REFERENCES[shape] = Reference(numba.typeof(target))
        self._numba_type_ = _REFERENCES[shape]
        self.memory = np.zeros(64 * 8 * len(target), np.uint8)
        self.address = int(self.memory.ctypes.data)


_REFERENCES: dict[tuple, Reference] = {}  # by what `_shape_of` says


def _shape_of(value: tuple | np.ndarray | np.void) -> tuple:
    """All that the compiler's type of tables depends on."""
    if isinstance(value, tuple):
        return (type(value), *map(_shape_of, value))
    if isinstance(value, np.ndarray):
        return (value.dtype, value.ndim, value.flags.c_contiguous, value.flags.writeable)
    return (value.dtype,)


@typeof_impl.register(Pointer)
def _type_of_pointer(value, context):
    return value._numba_type_


@unbox(Reference)
def _unbox_pointer(reference, value, c):
    address = c.pyapi.object_getattr_string(value, "address")
    number = c.pyapi.long_as_ulonglong(address)
    c.pyapi.decref(address)
    return NativeValue(c.builder.inttoptr(number, c.context.get_value_type(reference)))
