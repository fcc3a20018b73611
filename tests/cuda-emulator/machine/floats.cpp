// Arithmetic on f32 and f64: rounded to nearest and correctly, as PTX has it without .approx; what has .approx may be better here than on a device.
#include "operations.h"

namespace {
struct Add { template <class T> static T of(T a, T b) { return canonical(a + b); } };
struct Sub { template <class T> static T of(T a, T b) { return canonical(a - b); } };
struct Mul { template <class T> static T of(T a, T b) { return canonical(a * b); } };
struct Div { template <class T> static T of(T a, T b) { return canonical(a / b); } };
struct Fma { template <class T> static T of(T a, T b, T c) { return canonical(std::fma(a, b, c)); } };
struct Neg { template <class T> static T of(T a) { return -a; } };
struct Abs { template <class T> static T of(T a) { return std::fabs(a); } };
// A single NaN loses; -0 is less than +0.
struct Min { template <class T> static T of(T a, T b) { return a != a ? canonical(b) : b != b ? a : a < b || (a == b && std::signbit(a)) ? a : b; } };
struct Max { template <class T> static T of(T a, T b) { return a != a ? canonical(b) : b != b ? a : a > b || (a == b && !std::signbit(a)) ? a : b; } };
struct MinNaN { template <class T> static T of(T a, T b) { return a != a || b != b ? canonical(a + b) : Min::of(a, b); } };
struct MaxNaN { template <class T> static T of(T a, T b) { return a != a || b != b ? canonical(a + b) : Max::of(a, b); } };
struct Sqrt { template <class T> static T of(T a) { return canonical(std::sqrt(a)); } };
struct Rsqrt { template <class T> static T of(T a) { return canonical(T(1 / std::sqrt((double)a))); } };
struct Rcp { template <class T> static T of(T a) { return canonical(1 / a); } };
struct Exp2 { template <class T> static T of(T a) { return canonical(T(std::exp2((double)a))); } };
struct Log2 { template <class T> static T of(T a) { return canonical(T(std::log2((double)a))); } };
struct Sin { template <class T> static T of(T a) { return canonical(T(std::sin((double)a))); } };
struct Cos { template <class T> static T of(T a) { return canonical(T(std::cos((double)a))); } };
struct Tanh { template <class T> static T of(T a) { return canonical(T(std::tanh((double)a))); } };
struct CopySign { template <class T> static T of(T a, T b) { return std::copysign(b, a); } };

// Subnormals in and out become zeros; the result lies between 0 and 1. NaN becomes 0 there.
template <class F, bool isFlushed, bool isSaturated> struct Changed {
    template <class T> static T in(T a) { return isFlushed ? flushed(a) : a; }
    template <class T> static T out(T a) {
        if (isFlushed) a = flushed(a);
        return !isSaturated ? a : a > 0 ? (a < 1 ? a : T(1)) : T(0);
    }
    template <class T> static T of(T a) { return out(F::of(in(a))); }
    template <class T> static T of(T a, T b) { return out(F::of(in(a), in(b))); }
    template <class T> static T of(T a, T b, T c) { return out(F::of(in(a), in(b), in(c))); }
};

template <class T, class F, size_t count> Handler arity() {
    if constexpr (count == 1) return unary<T, F>;
    else if constexpr (count == 2) return binary<T, F>;
    else return ternary<T, F>;
}

template <class F, size_t count> Handler make(Decoder& d) {
    auto type = d.requireType();
    auto isFlushed = d.take("ftz"), isSaturated = d.take("sat");
    d.expectOperands(count + 1);
    d.instruction->o[0] = d.target(d.operand(0), type);
    for (size_t i = 1; i <= count; i++) d.instruction->o[i] = d.source(d.operand(i), type);
    return floating(d, type, [=](auto t) -> Handler {
        using T = decltype(t);
        if (isFlushed) return isSaturated ? arity<T, Changed<F, true, true>, count>() : arity<T, Changed<F, true, false>, count>();
        return isSaturated ? arity<T, Changed<F, false, true>, count>() : arity<T, F, count>();
    });
}

// Other roundings than to nearest are left as a modifier that nobody knows.
template <class F, size_t count> Handler rounded(Decoder& d, bool mustBeSaid) {
    if (!d.take("rn") && mustBeSaid) d.fail("it has no .rn");
    return make<F, count>(d);
}

template <class F, size_t count> Handler approximate(Decoder& d) {
    if (!d.take("approx")) d.fail("it has no .approx");
    return make<F, count>(d);
}
}

Handler floatAdd(Decoder& d) { return rounded<Add, 2>(d, false); }
Handler floatSub(Decoder& d) { return rounded<Sub, 2>(d, false); }
Handler floatMul(Decoder& d) { return rounded<Mul, 2>(d, false); }
Handler floatFma(Decoder& d) { return rounded<Fma, 3>(d, true); }
Handler floatNeg(Decoder& d) { return make<Neg, 1>(d); }
Handler floatAbs(Decoder& d) { return make<Abs, 1>(d); }
Handler floatMin(Decoder& d) { return d.take("NaN") ? make<MinNaN, 2>(d) : make<Min, 2>(d); }
Handler floatMax(Decoder& d) { return d.take("NaN") ? make<MaxNaN, 2>(d) : make<Max, 2>(d); }
Handler floatDiv(Decoder& d) { return d.take("full") || d.take("approx") ? make<Div, 2>(d) : rounded<Div, 2>(d, true); }

void addFloats(DecoderTable& table) {
    table["fma"] = floatFma;
    table["sqrt"] = [](Decoder& d) { return d.take("approx") ? make<Sqrt, 1>(d) : rounded<Sqrt, 1>(d, true); };
    table["rcp"] = [](Decoder& d) { return d.take("approx") ? make<Rcp, 1>(d) : rounded<Rcp, 1>(d, true); };
    table["rsqrt"] = approximate<Rsqrt, 1>;
    table["ex2"] = approximate<Exp2, 1>;
    table["lg2"] = approximate<Log2, 1>;
    table["sin"] = approximate<Sin, 1>;
    table["cos"] = approximate<Cos, 1>;
    table["tanh"] = approximate<Tanh, 1>;
    table["copysign"] = make<CopySign, 2>;
}
