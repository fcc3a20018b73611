// f16 and bf16 by their bits.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

inline float fromBits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

inline uint32_t toBits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

inline float halfToFloat(uint16_t half) {
    auto sign = (uint32_t)(half & 0x8000) << 16;
    auto exponent = half >> 10 & 31, fraction = half & 0x3FF;
    if (exponent == 31) return fromBits(sign | 0x7F800000 | (uint32_t)fraction << 13);
    if (exponent == 0) return fromBits(toBits(std::ldexp((float)fraction, -24)) | sign);
    return fromBits(sign | (uint32_t)(exponent + 112) << 23 | (uint32_t)fraction << 13);
}

// To nearest, ties to even, of a double: exact for every f32 before it.
inline uint16_t doubleToHalf(double value) {
    if (value != value) return 0x7FFF;
    uint16_t sign = std::signbit(value) ? 0x8000 : 0;
    auto magnitude = std::fabs(value);
    if (magnitude >= 65520) return sign | 0x7C00;
    int exponent;
    std::frexp(magnitude, &exponent);
    auto unit = std::ldexp(1.0, std::max(exponent - 11, -24));
    auto rounded = std::nearbyint(magnitude / unit) * unit;
    if (rounded == 0) return sign;
    std::frexp(rounded, &exponent);
    if (exponent < -13) return sign | (uint16_t)std::ldexp(rounded, 24);
    return sign | (uint16_t)((exponent + 14) << 10) | (uint16_t)(std::ldexp(rounded, 11 - exponent) - 1024);
}

inline float bfloatToFloat(uint16_t bits) { return fromBits((uint32_t)bits << 16); }

inline uint16_t floatToBfloat(float value) {
    if (value != value) return 0x7FFF;
    auto bits = toBits(value);
    return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}
