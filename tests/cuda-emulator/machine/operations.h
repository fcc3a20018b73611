// What single operations compute, as PTX has it. Decoders are found by the mnemonic up to its first dot.
#pragma once
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "../ptx/tokens.h"
#include "decoder.h"
#include "warp.h"

// Results of f32 instructions that are NaN are this one; of f64 they may be any.
inline float canonical(float value) {
    if (value == value) return value;
    uint32_t bits = 0x7FFFFFFF;
    __builtin_memcpy(&value, &bits, 4);
    return value;
}
inline double canonical(double value) { return value; }
template <class T> inline T canonical(T value) { return value; }

inline float flushed(float value) { return std::fabs(value) < 1.17549435e-38f ? std::copysign(0.0f, value) : value; }
inline double flushed(double value) { return value; }

template <class T, class F> void unary(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<T>(i.o[0]);
    auto a = w.in<T>(i.o[1]);
    forLanes(mask, [=](int l) { d[l] = F::of(a[l]); });
}

template <class T, class F> void binary(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<T>(i.o[0]);
    auto a = w.in<T>(i.o[1]), b = w.in<T>(i.o[2]);
    forLanes(mask, [=](int l) { d[l] = F::of(a[l], b[l]); });
}

template <class T, class F> void ternary(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<T>(i.o[0]);
    auto a = w.in<T>(i.o[1]), b = w.in<T>(i.o[2]), c = w.in<T>(i.o[3]);
    forLanes(mask, [=](int l) { d[l] = F::of(a[l], b[l], c[l]); });
}

// The arithmetic type of C++ for a type of PTX.
template <class F> Handler integer(Decoder& d, Type type, F f) {
    switch (type) {
        case Type::B16: case Type::U16: return f((uint16_t)0);
        case Type::S16: return f((int16_t)0);
        case Type::B32: case Type::U32: return f((uint32_t)0);
        case Type::S32: return f((int32_t)0);
        case Type::B64: case Type::U64: return f((uint64_t)0);
        case Type::S64: return f((int64_t)0);
        default: d.unknown();
    }
}

template <class F> Handler floating(Decoder& d, Type type, F f) {
    if (type == Type::F32) return f(0.0f);
    if (type == Type::F64) return f(0.0);
    d.unknown();
}
