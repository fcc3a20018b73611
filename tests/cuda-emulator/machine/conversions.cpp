// cvt and cvta.
#include <limits>

#include "half.h"
#include "operations.h"

namespace {
enum Rounding : uint8_t { Nearest, ToZero, Down, Up, Not };

struct F16 { uint16_t bits; };
struct BF16 { uint16_t bits; };

double widen(float v) { return v; }
double widen(double v) { return v; }
double widen(F16 v) { return halfToFloat(v.bits); }
double widen(BF16 v) { return bfloatToFloat(v.bits); }

// The result in its register, which may be wider than its type: signed numbers are extended by their sign, others by zeros.
template <class To> void put(uint8_t* d, int bytes, To value) {
    if constexpr (std::is_integral_v<To>) {
        auto wide = (int64_t)value;
        if constexpr (std::is_unsigned_v<To>) wide = (int64_t)(uint64_t)value;
        memcpy(d, &wide, bytes);
    } else
        memcpy(d, &value, sizeof(To));
}

double roundToInteger(double value, uint8_t rounding) {
    switch (rounding) {
        case Nearest: return std::nearbyint(value);
        case ToZero: return std::trunc(value);
        case Down: return std::floor(value);
        case Up: return std::ceil(value);
        default: return value;
    }
}

template <class To, class From> To convert(From value, uint8_t rounding, bool isSaturated) {
    if constexpr (std::is_integral_v<From> && std::is_integral_v<To>) {
        if (isSaturated) {
            using Limits = std::numeric_limits<To>;
            auto wide = (__int128)value;
            return wide < (__int128)Limits::min() ? Limits::min() : wide > (__int128)Limits::max() ? Limits::max() : (To)value;
        }
        return (To)value;
    } else if constexpr (std::is_integral_v<To>) {
        constexpr bool isWide = std::is_same_v<From, double> || sizeof(To) == 8;
        auto wide = roundToInteger(widen(value), rounding);
        if (wide != wide) return isWide ? (To)((uint64_t)1 << (8 * sizeof(To) - 1)) : (To)0;
        // The first number beyond, which a double holds whatever the type.
        auto beyond = std::ldexp(1.0, std::numeric_limits<To>::digits);
        if (wide >= beyond) return std::numeric_limits<To>::max();
        if (wide < (double)std::numeric_limits<To>::min()) return std::numeric_limits<To>::min();
        return (To)wide;
    } else if constexpr (std::is_integral_v<From>) {
        if constexpr (std::is_same_v<To, F16> || std::is_same_v<To, BF16>) return To{};
        else return (To)value;
    } else {
        auto wide = roundToInteger(widen(value), rounding);
        if (isSaturated) wide = wide > 0 ? std::min(wide, 1.0) : 0;
        if constexpr (std::is_same_v<To, float>) return canonical((float)wide);
        else if constexpr (std::is_same_v<To, double>) return wide;
        else if constexpr (std::is_same_v<To, F16>) return {doubleToHalf(wide)};
        else return {floatToBfloat((float)wide)};
    }
}

// more: bytes of the result's register; immediate: bytes of the source's.
template <class To, class From> void run(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<uint8_t>(i.o[0]);
    auto a = w.in<uint8_t>(i.o[1]);
    auto rounding = (uint8_t)(i.extra & 15);
    auto isSaturated = (i.extra & 16) != 0;
    if (i.more == sizeof(To) && i.immediate == sizeof(From)) {
        auto to = (To*)d;
        auto from = (const From*)a;
        if (!isSaturated && std::is_integral_v<From> && std::is_integral_v<To>) forLanes(mask, [=](int l) { to[l] = convert<To, From>(from[l], Not, false); });
        else forLanes(mask, [=](int l) { to[l] = convert<To, From>(from[l], rounding, isSaturated); });
        return;
    }
    int to = i.more, from = (int)i.immediate;
    forLanes(mask, [=](int l) {
        From value;
        memcpy(&value, a + l * from, sizeof(From));
        put(d + l * to, to, convert<To, From>(value, rounding, isSaturated));
    });
}

template <class F> Handler each(Decoder& d, Type type, F f) {
    switch (type) {
        case Type::U8: return f((uint8_t)0);
        case Type::S8: return f((int8_t)0);
        case Type::U16: return f((uint16_t)0);
        case Type::S16: return f((int16_t)0);
        case Type::U32: return f((uint32_t)0);
        case Type::S32: return f((int32_t)0);
        case Type::U64: return f((uint64_t)0);
        case Type::S64: return f((int64_t)0);
        case Type::F16: return f(F16{});
        case Type::BF16: return f(BF16{});
        case Type::F32: return f(0.0f);
        case Type::F64: return f(0.0);
        default: d.unknown();
    }
}

// Two f32 as one register of 16-bit floats: the first one is the upper half.
template <bool isHalf> void pack(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<uint32_t>(i.o[0]);
    auto a = w.in<float>(i.o[1]), b = w.in<float>(i.o[2]);
    auto narrow = [](float value) { return (uint32_t)(isHalf ? doubleToHalf(value) : floatToBfloat(value)); };
    forLanes(mask, [=](int l) { d[l] = narrow(a[l]) << 16 | narrow(b[l]); });
}

Handler packed(Decoder& d, bool isHalf) {
    if (!d.take("rn") || d.requireType() != Type::F32) d.unknown();
    d.expectOperands(3);
    d.instruction->o[0] = d.target(d.operand(0), Type::B32);
    d.instruction->o[1] = d.source(d.operand(1), Type::F32);
    d.instruction->o[2] = d.source(d.operand(2), Type::F32);
    return isHalf ? pack<true> : pack<false>;
}

// Two numbers in one register: the first source is the upper half.
template <class To> void runPair(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<uint32_t>(i.o[0]);
    auto high = w.in<float>(i.o[1]), low = w.in<float>(i.o[2]);
    forLanes(mask, [=](int l) { d[l] = (uint32_t)convert<To, float>(high[l], Not, false).bits << 16 | convert<To, float>(low[l], Not, false).bits; });
}

Handler cvtPair(Decoder& d, Handler handler) {
    if (!d.take("rn") || d.requireType() != Type::F32) d.unknown();
    d.expectOperands(3);
    d.instruction->o[0] = d.target(d.operand(0), Type::B32);
    d.instruction->o[1] = d.source(d.operand(1), Type::F32);
    d.instruction->o[2] = d.source(d.operand(2), Type::F32);
    return handler;
}

Handler cvt(Decoder& d) {
    if (d.take("bf16x2")) return cvtPair(d, runPair<BF16>);
    if (d.take("f16x2")) return cvtPair(d, runPair<F16>);
    auto& i = *d.instruction;
    if (d.take("f16x2")) return packed(d, true);
    if (d.take("bf16x2")) return packed(d, false);
    auto to = d.requireType(), from = d.requireType();
    uint8_t integerRounding = d.take("rni") ? Nearest : d.take("rzi") ? ToZero : d.take("rmi") ? Down : d.take("rpi") ? Up : Not;
    auto isNearest = d.take("rn");
    // What PTX demands and forbids: a rounding to integers where they come of floats, one of floats where the result may not be exact.
    auto narrows = isFloat(to) && (!isFloat(from) || sizeOf(to) < sizeOf(from));
    if (isFloat(from) && !isFloat(to) && integerRounding == Not) d.fail("it has no rounding to an integer");
    if (narrows != isNearest) d.fail(narrows ? "it has no .rn" : "it cannot have .rn");
    if (integerRounding != Not && (!isFloat(from) || (isFloat(to) && to != from))) d.fail("it cannot have a rounding to an integer");
    if (!isFloat(from) && (to == Type::F16 || to == Type::BF16)) d.unknown();
    i.extra = integerRounding | (d.take("sat") ? 16 : 0);
    d.expectOperands(2);
    i.o[0] = d.target(d.operand(0), to, true);
    i.o[1] = d.source(d.operand(1), from, true);
    i.more = (uint8_t)sizeOf(d.registerType(d.operand(0)));
    auto& source = d.operand(1);
    i.immediate = source.kind == Operand::Register && d.program.text.registers.count(source.text) ? sizeOf(d.registerType(source)) : sizeOf(from);
    return each(d, to, [&](auto t) {
        using To = decltype(t);
        return each(d, from, [](auto f) -> Handler { return run<To, decltype(f)>; });
    });
}

// Generic addresses of shared and local memory lie where no memory of the host does.
constexpr uint64_t SharedWindow = 0xFFFF0001ull << 32, LocalWindow = 0xFFFF0002ull << 32;

void addWindow(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<uint64_t>(i.o[0]);
    auto a = w.in<uint64_t>(i.o[1]);
    auto window = (uint64_t)i.immediate;
    forLanes(mask, [=](int l) { d[l] = a[l] + window; });
}

Handler cvta(Decoder& d) {
    auto type = d.requireType();
    if (type != Type::U64) d.unknown();
    auto back = d.take("to");
    auto window = d.take("shared") ? SharedWindow : d.take("local") ? LocalWindow : d.take("global") ? 0 : 1;
    if (window == 1) d.unknown();
    d.expectOperands(2);
    d.instruction->o[0] = d.target(d.operand(0), type);
    d.instruction->o[1] = d.source(d.operand(1), type);
    d.instruction->immediate = (int64_t)(back ? 0 - window : window);
    return addWindow;
}
}

void addConversions(DecoderTable& table) {
    table["cvt"] = cvt;
    table["cvta"] = cvta;
}
