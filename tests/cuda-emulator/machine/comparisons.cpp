// setp, with a second predicate and a boolean operation or without; testp.
#include "operations.h"

namespace {
enum Comparison : uint8_t { Eq, Ne, Lt, Le, Gt, Ge, Equ, Neu, Ltu, Leu, Gtu, Geu, Num, Nan };
enum Boolean : uint8_t { None, And, Or, Xor };

template <class T> Mask compare(Comparison comparison, const T* a, const T* b, Mask mask) {
    Mask result = 0;
    auto test = [&](auto holds) {
        if (mask == AllLanes) {
            for (int l = 0; l < Lanes; l++) result |= (Mask)(holds(a[l], b[l]) ? 1 : 0) << l;
        } else
            for (auto rest = mask; rest; rest &= rest - 1) {
                auto l = __builtin_ctz(rest);
                result |= (Mask)(holds(a[l], b[l]) ? 1 : 0) << l;
            }
    };
    auto isNaN = [](T x, T y) { return x != x || y != y; };
    switch (comparison) {
        case Eq: test([](T x, T y) { return x == y; }); break;
        case Ne: test([](T x, T y) { return x < y || x > y; }); break;
        case Lt: test([](T x, T y) { return x < y; }); break;
        case Le: test([](T x, T y) { return x <= y; }); break;
        case Gt: test([](T x, T y) { return x > y; }); break;
        case Ge: test([](T x, T y) { return x >= y; }); break;
        case Equ: test([=](T x, T y) { return x == y || isNaN(x, y); }); break;
        case Neu: test([](T x, T y) { return !(x == y); }); break;
        case Ltu: test([](T x, T y) { return !(x >= y); }); break;
        case Leu: test([](T x, T y) { return !(x > y); }); break;
        case Gtu: test([](T x, T y) { return !(x <= y); }); break;
        case Geu: test([](T x, T y) { return !(x < y); }); break;
        case Num: test([=](T x, T y) { return !isNaN(x, y); }); break;
        case Nan: test(isNaN); break;
    }
    return result;
}

Mask combine(Boolean boolean, Mask a, Mask b) { return boolean == And ? a & b : boolean == Or ? a | b : boolean == Xor ? a ^ b : a; }

template <class T> void setPredicate(Warp& w, const Instruction& i, Mask mask) {
    auto result = compare((Comparison)i.extra, w.in<T>(i.o[2]), w.in<T>(i.o[3]), mask);
    auto boolean = (Boolean)(i.more & 3);
    auto other = boolean ? w.predicateIn(i.o[4]) : 0;
    if (i.more & 4) other = ~other;
    auto& d = w.predicate(i.o[0]);
    d = (d & ~mask) | (combine(boolean, result, other) & mask);
    if (i.more & 8) {
        auto& second = w.predicate(i.o[1]);
        second = (second & ~mask) | (combine(boolean, ~result, other) & mask);
    }
}

Handler setp(Decoder& d) {
    auto type = d.requireType();
    auto& i = *d.instruction;
    static const char* const names[] = {"eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"};
    int found = -1;
    for (int k = 0; k < 14; k++) if (d.take(names[k])) found = k;
    static const std::pair<const char*, Comparison> unsignedNames[] = {{"lo", Lt}, {"ls", Le}, {"hi", Gt}, {"hs", Ge}};
    for (auto& [name, comparison] : unsignedNames)
        if (d.take(name)) {
            if (isFloat(type) || isSigned(type)) d.fail("the comparison is for unsigned numbers");
            found = comparison;
        }
    if (found < 0) d.unknown();
    if (found > Ge && !isFloat(type)) d.fail("the comparison is for floats");
    if (isBits(type) && found > Ne) d.fail("bits have no order");
    i.extra = (uint8_t)found;
    i.more = d.take("and") ? And : d.take("or") ? Or : d.take("xor") ? Xor : None;
    d.expectOperands(i.more ? 4 : 3);
    auto& results = d.operand(0);
    if (results.kind == Operand::Vector) {
        i.o[0] = d.target(results.elements[0], Type::Pred);
        i.o[1] = d.target(results.elements[1], Type::Pred);
        i.more |= 8;
    } else
        i.o[0] = d.target(results, Type::Pred);
    i.o[2] = d.source(d.operand(1), type);
    i.o[3] = d.source(d.operand(2), type);
    if (i.more & 3) {
        auto other = d.operand(3);
        if (other.isNegated) i.more |= 4;
        other.isNegated = false;
        i.o[4] = d.source(other, Type::Pred);
    }
    if (type == Type::F32) return setPredicate<float>;
    if (type == Type::F64) return setPredicate<double>;
    return integer(d, type, [](auto t) -> Handler { return setPredicate<decltype(t)>; });
}

enum Property : uint8_t { Finite, Infinite, Number, NotANumber, Normal, Subnormal };

template <class T> void testProperty(Warp& w, const Instruction& i, Mask mask) {
    auto a = w.in<T>(i.o[1]);
    Mask result = 0;
    for (auto rest = mask; rest; rest &= rest - 1) {
        auto l = __builtin_ctz(rest);
        auto x = a[l];
        bool holds = false;
        switch ((Property)i.extra) {
            case Finite: holds = std::isfinite(x); break;
            case Infinite: holds = std::isinf(x); break;
            case Number: holds = !(x != x); break;
            case NotANumber: holds = x != x; break;
            case Normal: holds = std::isnormal(x); break;
            case Subnormal: holds = std::fpclassify(x) == FP_SUBNORMAL; break;
        }
        result |= (Mask)holds << l;
    }
    auto& d = w.predicate(i.o[0]);
    d = (d & ~mask) | result;
}

Handler testp(Decoder& d) {
    static const char* const names[] = {"finite", "infinite", "number", "notanumber", "normal", "subnormal"};
    int found = -1;
    for (int k = 0; k < 6; k++) if (d.take(names[k])) found = k;
    if (found < 0) d.unknown();
    d.instruction->extra = (uint8_t)found;
    auto type = d.requireType();
    d.expectOperands(2);
    d.instruction->o[0] = d.target(d.operand(0), Type::Pred);
    d.instruction->o[1] = d.source(d.operand(1), type);
    return floating(d, type, [](auto t) -> Handler { return testProperty<decltype(t)>; });
}
}

void addComparisons(DecoderTable& table) {
    table["setp"] = setp;
    table["testp"] = testp;
}
