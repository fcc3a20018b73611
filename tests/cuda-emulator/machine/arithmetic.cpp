// Integers and bits: add, sub, mul, mad, div, rem, abs, neg, min, max, and, or, xor, not, cnot, shl, shr, bfe, bfi, popc, clz, brev, bfind, prmt, mov, selp.
#include <limits>

#include "operations.h"

namespace {
template <class T> using Unsigned = std::make_unsigned_t<T>;
template <class T> struct WiderOf;
template <> struct WiderOf<uint16_t> { using type = uint32_t; };
template <> struct WiderOf<int16_t> { using type = int32_t; };
template <> struct WiderOf<uint32_t> { using type = uint64_t; };
template <> struct WiderOf<int32_t> { using type = int64_t; };
template <> struct WiderOf<uint64_t> { using type = unsigned __int128; };
template <> struct WiderOf<int64_t> { using type = __int128; };
template <class T> using Wider = typename WiderOf<T>::type;

struct Add { template <class T> static T of(T a, T b) { return T(Unsigned<T>(a) + Unsigned<T>(b)); } };
struct Sub { template <class T> static T of(T a, T b) { return T(Unsigned<T>(a) - Unsigned<T>(b)); } };
struct MulLow { template <class T> static T of(T a, T b) { return T((uint64_t)a * (uint64_t)b); } };
struct MulHigh { template <class T> static T of(T a, T b) { return T((Wider<T>(a) * Wider<T>(b)) >> (8 * sizeof(T))); } };
struct MadLow { template <class T> static T of(T a, T b, T c) { return Add::of(MulLow::of(a, b), c); } };
struct MadHigh { template <class T> static T of(T a, T b, T c) { return Add::of(MulHigh::of(a, b), c); } };
// What a division by zero gives is the machine's affair; the smallest number by -1 wraps.
struct Div { template <class T> static T of(T a, T b) { return b == 0 ? T(-1) : std::is_signed_v<T> && b == T(-1) ? T(Unsigned<T>(0) - Unsigned<T>(a)) : T(a / b); } };
struct Rem { template <class T> static T of(T a, T b) { return b == 0 ? a : std::is_signed_v<T> && b == T(-1) ? T(0) : T(a % b); } };
struct Min { template <class T> static T of(T a, T b) { return a < b ? a : b; } };
struct Max { template <class T> static T of(T a, T b) { return a > b ? a : b; } };
struct Neg { template <class T> static T of(T a) { return T(Unsigned<T>(0) - Unsigned<T>(a)); } };
struct Abs { template <class T> static T of(T a) { return a < 0 ? Neg::of(a) : a; } };
struct And { template <class T> static T of(T a, T b) { return a & b; } };
struct Or { template <class T> static T of(T a, T b) { return a | b; } };
struct Xor { template <class T> static T of(T a, T b) { return a ^ b; } };
struct Not { template <class T> static T of(T a) { return ~a; } };
struct CNot { template <class T> static T of(T a) { return a == 0; } };
struct Copy { template <class T> static T of(T a) { return a; } };
struct BitReverse {
    template <class T> static T of(T a) {
        T r = 0;
        for (size_t i = 0; i < 8 * sizeof(T); i++) r = T(r << 1) | ((a >> i) & 1);
        return r;
    }
};

// Amounts have 32 bits and stop at the width.
template <class T> void shiftLeft(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<T>(i.o[0]);
    auto a = w.in<T>(i.o[1]);
    auto b = w.in<uint32_t>(i.o[2]);
    forLanes(mask, [=](int l) { d[l] = b[l] >= 8 * sizeof(T) ? T(0) : T(Unsigned<T>(a[l]) << b[l]); });
}

template <class T> void shiftRight(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<T>(i.o[0]);
    auto a = w.in<T>(i.o[1]);
    auto b = w.in<uint32_t>(i.o[2]);
    forLanes(mask, [=](int l) { d[l] = b[l] < 8 * sizeof(T) ? T(a[l] >> b[l]) : std::is_signed_v<T> && a[l] < 0 ? T(-1) : T(0); });
}

template <class T> void mulWide(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<Wider<T>>(i.o[0]);
    auto a = w.in<T>(i.o[1]), b = w.in<T>(i.o[2]);
    forLanes(mask, [=](int l) { d[l] = Wider<T>(a[l]) * Wider<T>(b[l]); });
}

template <class T> void madWide(Warp& w, const Instruction& i, Mask mask) {
    using W = Wider<T>;
    auto d = w.out<W>(i.o[0]);
    auto a = w.in<T>(i.o[1]), b = w.in<T>(i.o[2]);
    auto c = w.in<W>(i.o[3]);
    forLanes(mask, [=](int l) { d[l] = W(Unsigned<W>(W(a[l]) * W(b[l])) + Unsigned<W>(c[l])); });
}

template <class T> void countBits(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<uint32_t>(i.o[0]);
    auto a = w.in<T>(i.o[1]);
    auto leading = i.extra;
    forLanes(mask, [=](int l) {
        uint64_t bits = a[l];
        d[l] = !leading ? __builtin_popcountll(bits) : bits ? __builtin_clzll(bits) - (64 - 8 * (int)sizeof(T)) : 8 * (int)sizeof(T);
    });
}

template <class T> void extractBits(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<T>(i.o[0]);
    auto a = w.in<T>(i.o[1]);
    auto b = w.in<uint32_t>(i.o[2]), c = w.in<uint32_t>(i.o[3]);
    forLanes(mask, [=](int l) {
        constexpr uint32_t top = 8 * sizeof(T) - 1;
        uint32_t pos = b[l] & 0xFF, len = c[l] & 0xFF;
        auto sign = std::is_signed_v<T> && len ? (a[l] >> std::min(pos + len - 1, top)) & 1 : 0;
        Unsigned<T> result = 0;
        for (uint32_t k = 0; k <= top; k++) result |= Unsigned<T>(k < len && pos + k <= top ? (Unsigned<T>(a[l]) >> (pos + k)) & 1 : (Unsigned<T>)sign) << k;
        d[l] = (T)result;
    });
}

template <class T> void insertBits(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<T>(i.o[0]);
    auto a = w.in<T>(i.o[1]), b = w.in<T>(i.o[2]);
    auto c = w.in<uint32_t>(i.o[3]), e = w.in<uint32_t>(i.o[4]);
    forLanes(mask, [=](int l) {
        uint32_t pos = c[l] & 0xFF, len = e[l] & 0xFF;
        T result = b[l];
        for (uint32_t k = 0; k < len && pos + k < 8 * sizeof(T); k++) result = (result & ~(T(1) << (pos + k))) | (((a[l] >> k) & 1) << (pos + k));
        d[l] = result;
    });
}

void permute(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<uint32_t>(i.o[0]);
    auto a = w.in<uint32_t>(i.o[1]), b = w.in<uint32_t>(i.o[2]), c = w.in<uint32_t>(i.o[3]);
    forLanes(mask, [=](int l) {
        auto bytes = (uint64_t)b[l] << 32 | a[l];
        uint32_t result = 0;
        for (int k = 0; k < 4; k++) {
            auto selector = c[l] >> (4 * k);
            uint32_t byte = bytes >> (8 * (selector & 7)) & 0xFF;
            if (selector & 8) byte = byte & 0x80 ? 0xFF : 0;
            result |= byte << (8 * k);
        }
        d[l] = result;
    });
}

template <class T> void select(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<T>(i.o[0]);
    auto a = w.in<T>(i.o[1]), b = w.in<T>(i.o[2]);
    auto p = w.predicateIn(i.o[3]);
    forLanes(mask, [=](int l) { d[l] = p >> l & 1 ? a[l] : b[l]; });
}

template <class F> void binaryPredicate(Warp& w, const Instruction& i, Mask mask) {
    auto result = F::of(w.predicateIn(i.o[1]), w.predicateIn(i.o[2]));
    auto& d = w.predicate(i.o[0]);
    d = (d & ~mask) | (result & mask);
}

template <class F> void unaryPredicate(Warp& w, const Instruction& i, Mask mask) {
    auto result = F::of(w.predicateIn(i.o[1]));
    auto& d = w.predicate(i.o[0]);
    d = (d & ~mask) | (result & mask);
}

void operands(Decoder& d, Type type, size_t count) {
    d.expectOperands(count);
    d.instruction->o[0] = d.target(d.operand(0), type);
    for (size_t i = 1; i < count; i++) d.instruction->o[i] = d.source(d.operand(i), type);
}

template <class F> Handler two(Decoder& d, Type type) {
    operands(d, type, 3);
    return integer(d, type, [](auto t) -> Handler { return binary<decltype(t), F>; });
}

template <class F> Handler one(Decoder& d, Type type) {
    operands(d, type, 2);
    return integer(d, type, [](auto t) -> Handler { return unary<decltype(t), F>; });
}

template <class F> Handler logic(Decoder& d) {
    auto type = d.requireType();
    if (type == Type::Pred) {
        operands(d, type, 3);
        return binaryPredicate<F>;
    }
    if (!isBits(type)) d.unknown();
    return two<F>(d, type);
}

// Multiplications, with a sum or without.
template <class Low, class High> Handler multiply(Decoder& d, bool hasSum) {
    auto type = d.requireType();
    auto isWide = d.take("wide");
    auto isHigh = !isWide && d.take("hi");
    if (!isWide && !isHigh && !d.take("lo")) d.unknown();
    if (!isWide) {
        operands(d, type, hasSum ? 4 : 3);
        return integer(d, type, [=](auto t) -> Handler {
            using T = decltype(t);
            if constexpr (std::is_same_v<Low, MadLow>) return isHigh ? ternary<T, High> : ternary<T, Low>;
            else return isHigh ? binary<T, High> : binary<T, Low>;
        });
    }
    auto wide = type == Type::U16 ? Type::U32 : type == Type::S16 ? Type::S32 : type == Type::U32 ? Type::U64 : type == Type::S32 ? Type::S64 : Type::None;
    if (wide == Type::None) d.unknown();
    d.expectOperands(hasSum ? 4 : 3);
    d.instruction->o[0] = d.target(d.operand(0), wide);
    d.instruction->o[1] = d.source(d.operand(1), type);
    d.instruction->o[2] = d.source(d.operand(2), type);
    if (hasSum) d.instruction->o[3] = d.source(d.operand(3), wide);
    switch (type) {
        case Type::U16: return hasSum ? madWide<uint16_t> : mulWide<uint16_t>;
        case Type::S16: return hasSum ? madWide<int16_t> : mulWide<int16_t>;
        case Type::U32: return hasSum ? madWide<uint32_t> : mulWide<uint32_t>;
        default: return hasSum ? madWide<int32_t> : mulWide<int32_t>;
    }
}

bool isNextFloat(Decoder& d) {
    for (auto& part : d.parts) if (part == "f32" || part == "f64") return true;
    return false;
}

Handler shift(Decoder& d, bool isLeft) {
    auto type = d.requireType();
    d.expectOperands(3);
    d.instruction->o[0] = d.target(d.operand(0), type);
    d.instruction->o[1] = d.source(d.operand(1), type);
    d.instruction->o[2] = d.source(d.operand(2), Type::U32);
    if (isLeft && !isBits(type)) d.unknown();
    return integer(d, type, [=](auto t) -> Handler { return isLeft ? shiftLeft<decltype(t)> : shiftRight<decltype(t)>; });
}

Handler move(Decoder& d) {
    auto type = d.requireType();
    if (type == Type::Pred) {
        operands(d, type, 2);
        return unaryPredicate<Copy>;
    }
    operands(d, type, 2);
    switch (sizeOf(type)) {
        case 2: return unary<uint16_t, Copy>;
        case 4: return unary<uint32_t, Copy>;
        case 8: return unary<uint64_t, Copy>;
        default: d.unknown();
    }
}

Handler selp(Decoder& d) {
    auto type = d.requireType();
    d.expectOperands(4);
    d.instruction->o[0] = d.target(d.operand(0), type);
    d.instruction->o[1] = d.source(d.operand(1), type);
    d.instruction->o[2] = d.source(d.operand(2), type);
    d.instruction->o[3] = d.source(d.operand(3), Type::Pred);
    switch (sizeOf(type)) {
        case 2: return select<uint16_t>;
        case 4: return select<uint32_t>;
        case 8: return select<uint64_t>;
        default: d.unknown();
    }
}

Handler count(Decoder& d, bool leading) {
    auto type = d.requireType();
    d.expectOperands(2);
    d.instruction->o[0] = d.target(d.operand(0), Type::B32);
    d.instruction->o[1] = d.source(d.operand(1), type);
    d.instruction->extra = leading;
    if (type == Type::B32) return countBits<uint32_t>;
    if (type == Type::B64) return countBits<uint64_t>;
    d.unknown();
}

Handler bits(Decoder& d, bool isInsertion) {
    auto type = d.requireType();
    d.expectOperands(isInsertion ? 5 : 4);
    size_t i = 0;
    d.instruction->o[i] = d.target(d.operand(i), type);
    for (i = 1; i <= (isInsertion ? 2 : 1); i++) d.instruction->o[i] = d.source(d.operand(i), type);
    for (; i < d.statement->operands.size(); i++) d.instruction->o[i] = d.source(d.operand(i), Type::U32);
    switch (type) {
        case Type::B32: if (isInsertion) return insertBits<uint32_t>; break;
        case Type::B64: if (isInsertion) return insertBits<uint64_t>; break;
        case Type::U32: if (!isInsertion) return extractBits<uint32_t>; break;
        case Type::S32: if (!isInsertion) return extractBits<int32_t>; break;
        case Type::U64: if (!isInsertion) return extractBits<uint64_t>; break;
        case Type::S64: if (!isInsertion) return extractBits<int64_t>; break;
        default: break;
    }
    d.unknown();
}
}

Handler floatAdd(Decoder&), floatSub(Decoder&), floatMul(Decoder&), floatDiv(Decoder&), floatNeg(Decoder&), floatAbs(Decoder&), floatMin(Decoder&), floatMax(Decoder&), floatFma(Decoder&);

void addArithmetic(DecoderTable& table) {
    table["add"] = [](Decoder& d) { return isNextFloat(d) ? floatAdd(d) : two<Add>(d, d.requireType()); };
    table["sub"] = [](Decoder& d) { return isNextFloat(d) ? floatSub(d) : two<Sub>(d, d.requireType()); };
    table["mul"] = [](Decoder& d) { return isNextFloat(d) ? floatMul(d) : multiply<MulLow, MulHigh>(d, false); };
    table["mad"] = [](Decoder& d) { return isNextFloat(d) ? floatFma(d) : multiply<MadLow, MadHigh>(d, true); };
    table["div"] = [](Decoder& d) { return isNextFloat(d) ? floatDiv(d) : two<Div>(d, d.requireType()); };
    table["rem"] = [](Decoder& d) { return two<Rem>(d, d.requireType()); };
    table["min"] = [](Decoder& d) { return isNextFloat(d) ? floatMin(d) : two<Min>(d, d.requireType()); };
    table["max"] = [](Decoder& d) { return isNextFloat(d) ? floatMax(d) : two<Max>(d, d.requireType()); };
    table["neg"] = [](Decoder& d) { return isNextFloat(d) ? floatNeg(d) : one<Neg>(d, d.requireType()); };
    table["abs"] = [](Decoder& d) { return isNextFloat(d) ? floatAbs(d) : one<Abs>(d, d.requireType()); };
    table["and"] = logic<And>;
    table["or"] = logic<Or>;
    table["xor"] = logic<Xor>;
    table["not"] = [](Decoder& d) -> Handler {
        auto type = d.requireType();
        if (type != Type::Pred) return one<Not>(d, type);
        operands(d, type, 2);
        return unaryPredicate<Not>;
    };
    table["cnot"] = [](Decoder& d) { return one<CNot>(d, d.requireType()); };
    table["brev"] = [](Decoder& d) { return one<BitReverse>(d, d.requireType()); };
    table["shl"] = [](Decoder& d) { return shift(d, true); };
    table["shr"] = [](Decoder& d) { return shift(d, false); };
    table["popc"] = [](Decoder& d) { return count(d, false); };
    table["clz"] = [](Decoder& d) { return count(d, true); };
    table["bfe"] = [](Decoder& d) { return bits(d, false); };
    table["bfi"] = [](Decoder& d) { return bits(d, true); };
    table["prmt"] = [](Decoder& d) -> Handler {
        operands(d, d.requireType(), 4);
        return permute;
    };
    table["mov"] = move;
    table["selp"] = selp;
}
