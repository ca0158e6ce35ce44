"""Single instructions of the machine that rules and kernels ask for by name; each is the twin of plain Python, or of nothing."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from simsuite.machine.marks import twin
from simsuite.machine.of_numba import cgutils


@intrinsic
def four_philox_of_machine(typing_context, bits, key_0, key_1, counter_0, counters_1, counters_2, counter_3):
    """Ten rounds of Philox 4x32 for four counters side by side, in vectors of four words of 64 bits; word k of call c to
    place 4 k + c. A product looks at the lower halves only, so the upper ones are cleared at the end."""
    lanes = range(4)
    vector, word = ir.VectorType(ir.IntType(64), len(lanes)), ir.IntType(64)

    def alike(number):
        return ir.Constant(vector, [number] * len(lanes))

    def side_by_side(builder, values):
        made = ir.Constant(vector, ir.Undefined)
        for lane, value in zip(lanes, values, strict=True):
            made = builder.insert_element(made, value, ir.IntType(32)(lane))
        return made

    def draw(context, builder, signature, arguments):
        def numbers(place):
            kind, value = signature.args[place], arguments[place]
            if isinstance(kind, types.BaseTuple):
                return [
                    context.cast(builder, one, of, types.int64)
                    for one, of in zip(cgutils.unpack_tuple(builder, value), kind.types, strict=True)
                ]
            return [context.cast(builder, value, kind, types.int64)] * len(lanes)

        key_0, key_1, a, b, c, d = (side_by_side(builder, numbers(place)) for place in range(1, 7))
        low, half = alike(0xFFFFFFFF), alike(32)
        for _ in range(10):
            first = builder.mul(builder.and_(a, low), alike(3528531795))
            second = builder.mul(builder.and_(c, low), alike(3449720151))
            a, b = builder.xor(builder.xor(builder.lshr(second, half), b), key_0), second
            c, d = builder.xor(builder.xor(builder.lshr(first, half), d), key_1), first
            key_0 = builder.add(key_0, alike(2654435769))
            key_1 = builder.add(key_1, alike(3144134277))
        for place, made in enumerate((a, b, c, d)):
            where = _place(context, builder, signature.args[0], arguments[0], word(place * len(lanes)))
            builder.store(builder.and_(made, low), builder.bitcast(where, vector.as_pointer()), align=8)
        return context.get_dummy_value()

    return types.none(bits, key_0, key_1, counter_0, counters_1, counters_2, counter_3), draw


ROOT_OF_A_HALF = 0x3FE6A09E667F3BCD  # the bits of 0.7071067811865476


@intrinsic
def split_of_machine(typing_context, number):
    """A positive normal number as (mantissa from the root of 1/2 to below that of 2, exponent), from its bits."""

    def split(context, builder, signature, arguments):
        word = ir.IntType(64)
        bits = builder.bitcast(arguments[0], word)
        exponent = builder.ashr(builder.sub(bits, word(ROOT_OF_A_HALF)), word(52))
        mantissa = builder.sub(bits, builder.shl(exponent, word(52)))
        return context.make_tuple(
            builder, signature.return_type, [builder.bitcast(mantissa, ir.DoubleType()), exponent]
        )

    return types.Tuple((types.float64, types.int64))(number), split


@intrinsic
def store(typing_context, reference, target):
    """Write a named tuple where the pointer points to."""

    def write(context, builder, signature, arguments):
        builder.store(arguments[1], arguments[0])
        return context.get_dummy_value()

    return types.none(reference, target), write


@intrinsic
def call_kernel(typing_context, address, world, numbers):
    """Call the machine code of a kernel that takes a world and whole numbers and returns nothing."""
    taken = (world, *numbers.types)

    def call(context, builder, signature, arguments):
        kind = context.call_conv.get_function_type(types.none, taken)
        code = builder.inttoptr(arguments[0], kind.as_pointer())
        values = [arguments[1], *cgutils.unpack_tuple(builder, arguments[2], len(numbers))]
        status, _ = context.call_conv.call_function(builder, code, types.none, taken, values)
        with cgutils.if_unlikely(builder, status.is_error):
            context.call_conv.return_status_propagate(builder, status)
        return context.get_dummy_value()

    return types.none(address, world, numbers), call


def _place(context, builder, kind, array, number):
    """Where a number, or a row, of an array lies."""
    return builder.gep(context.make_array(kind)(context, builder, array).data, [number])


@intrinsic
def add_at_once(typing_context, numbers, place, more):
    """Add to a number that other threads change too; returns what it was before."""

    def add(context, builder, signature, arguments):
        where = _place(context, builder, signature.args[0], *arguments[:2])
        return builder.atomic_rmw("add", where, arguments[2], "seq_cst")

    return types.int64(numbers, types.int64, types.int64), add


@intrinsic
def read_at_once(typing_context, numbers, place):
    """A number that other threads change, as it is now."""

    def read(context, builder, signature, arguments):
        return builder.load_atomic(_place(context, builder, signature.args[0], *arguments), "seq_cst", 8)

    return types.int64(numbers, types.int64), read


@intrinsic
def give_way(typing_context):
    """Let another thread have the processor for a moment."""

    def give(context, builder, signature, arguments):
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(ir.IntType(32), []), "sched_yield")
        builder.call(function, [])
        return context.get_dummy_value()

    return types.none(), give


@intrinsic
def prefetch_of_machine(typing_context, rows, index):
    """One instruction per cache line of a row, or of a row of eight records."""

    def touch(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        number = context.cast(builder, arguments[1], signature.args[1], types.intp)
        place = builder.mul(number, builder.extract_value(array.strides, 0))
        start = builder.gep(builder.bitcast(array.data, cgutils.voidptr_t), [place])
        word = ir.IntType(32)
        function = builder.module.declare_intrinsic(
            "llvm.prefetch", (cgutils.voidptr_t,), ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, word, word, word])
        )
        size = context.get_abi_sizeof(context.get_data_type(signature.args[0].dtype))
        for offset in range(0, size * (1 if signature.args[0].ndim == 1 else 8), 64):
            builder.call(
                function, [builder.gep(start, [ir.Constant(ir.IntType(64), offset)]), word(1), word(2), word(1)]
            )
        return context.get_dummy_value()

    return types.none(rows, index), touch


@twin(prefetch_of_machine)
def prefetch(rows, index):
    """Tell the processor that this row will be needed soon; interpreted it does nothing."""


@intrinsic
def copy_start(typing_context, rows, place, row):
    """Write a row to a place of a table up to its first fixed row of numbers, 32 bytes at a time."""
    fields = rows.dtype.fields.values()
    size = min([field.offset for field in fields if isinstance(field.type, types.NestedArray)], default=rows.dtype.size)
    piece, byte = ir.VectorType(ir.IntType(64), 4), ir.IntType(8)

    def copy(context, builder, signature, arguments):
        source = builder.bitcast(arguments[2], byte.as_pointer())
        target = builder.bitcast(_place(context, builder, signature.args[0], *arguments[:2]), byte.as_pointer())
        for kind, step in ((piece, 32), (byte, 1)):
            for offset in range(0 if step == 32 else size // 32 * 32, size // step * step, step):
                where = [
                    builder.bitcast(builder.gep(start, [ir.IntType(64)(offset)]), kind.as_pointer())
                    for start in (source, target)
                ]
                builder.store(builder.load(where[0], align=1), where[1], align=1)
        return context.get_dummy_value()

    return types.none(rows, place, row), copy


@intrinsic
def at_most(typing_context, numbers, first, limit):
    """Which of 64 numbers from `first` on are at most `limit`, as the bits of one word, the first one lowest."""

    def compare(context, builder, signature, arguments):
        many = ir.VectorType(ir.IntType(32), 64)
        where = builder.bitcast(_place(context, builder, signature.args[0], *arguments[:2]), many.as_pointer())
        limits = ir.Constant(many, ir.Undefined)
        for lane in range(64):
            limits = builder.insert_element(limits, arguments[2], ir.IntType(32)(lane))
        return builder.bitcast(builder.icmp_signed("<=", builder.load(where, align=4), limits), ir.IntType(64))

    return types.uint64(numbers, first, types.int32), compare


@intrinsic
def lowest_bit(typing_context, word):
    """Number of the lowest bit that is set; the word is not 0."""

    def count(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.IntType(1)(1))

    return types.uint64(types.uint64), count
