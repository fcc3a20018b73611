// The types of PTX, and which registers an instruction of a type takes.
#pragma once
#include <cstdint>
#include <string>

enum class Type : uint8_t { None, Pred, B8, B16, B32, B64, U8, U16, U32, U64, S8, S16, S32, S64, F16, BF16, F32, F64 };

inline int sizeOf(Type t) {
    switch (t) {
        case Type::B8: case Type::U8: case Type::S8: return 1;
        case Type::B16: case Type::U16: case Type::S16: case Type::F16: case Type::BF16: return 2;
        case Type::B32: case Type::U32: case Type::S32: case Type::F32: case Type::Pred: return 4;
        case Type::B64: case Type::U64: case Type::S64: case Type::F64: return 8;
        default: return 0;
    }
}

inline bool isFloat(Type t) { return t >= Type::F16; }
inline bool isSigned(Type t) { return t >= Type::S8 && t <= Type::S64; }
inline bool isBits(Type t) { return t >= Type::B8 && t <= Type::B64; }
inline bool isInteger(Type t) { return t >= Type::U8 && t <= Type::S64; }

inline Type typeNamed(const std::string& name) {
    static const char* const names[] = {"", "pred", "b8", "b16", "b32", "b64", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f16", "bf16", "f32", "f64"};
    for (int i = 1; i < 18; i++)
        if (name == names[i]) return Type(i);
    return Type::None;
}

// PTX ISA 9.4.1, "operand size exceeding instruction-type size" aside: untyped bits agree with any type of their size, signed with unsigned, floats with themselves.
inline bool agree(Type instruction, Type reg) {
    if (instruction == Type::Pred || reg == Type::Pred) return instruction == reg;
    if (sizeOf(instruction) != sizeOf(reg)) return false;
    if (isBits(instruction) || isBits(reg)) return true;
    if (isFloat(instruction) || isFloat(reg)) return instruction == reg;
    return true;
}
