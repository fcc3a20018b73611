// atom and red, on numbers of 32 and 64 bits. Groups run side by side, so they are atomic here too.
#include "access.h"
#include "operations.h"

namespace {
enum Operation : uint8_t { Add, Min, Max, And, Or, Xor, Exchange, CompareExchange, Increment, Decrement };

template <class T> T combine(uint8_t operation, T old, T b, T c) {
    switch (operation) {
        case Add: return old + b;
        case Min: return old < b ? old : b;
        case Max: return old > b ? old : b;
        case Exchange: return b;
        case CompareExchange: return old == b ? c : old;
        case Increment: return old >= b ? T(0) : T(old + 1);
        case Decrement: return old == T(0) || old > b ? b : T(old - 1);
        default: break;
    }
    if constexpr (std::is_integral_v<T>) {
        switch (operation) {
            case And: return old & b;
            case Or: return old | b;
            case Xor: return old ^ b;
            default: break;
        }
    }
    return old;
}

template <class T> void atomic(Warp& w, const Instruction& i, Mask mask) {
    using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
    auto addresses = w.in<uint64_t>(i.o[0]);
    auto b = w.in<T>(i.o[2]), c = w.in<T>(i.o[3]);
    for (; mask; mask &= mask - 1) {
        auto l = __builtin_ctz(mask);
        auto races = w.group->races;
        w.group->races = nullptr;
        auto at = (Bits*)resolve(w, i, (Space)(i.more >> 1), addresses[l] + i.immediate, sizeof(T), l, true);
        w.group->races = races;
        auto old = __atomic_load_n(at, __ATOMIC_RELAXED);
        for (;;) {
            T value;
            memcpy(&value, &old, sizeof(T));
            value = combine(i.extra, value, b[l], c[l]);
            Bits bits;
            memcpy(&bits, &value, sizeof(T));
            if (__atomic_compare_exchange_n(at, &old, bits, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) break;
        }
        if (i.more & 1) memcpy(w.out<T>(i.o[1]) + l, &old, sizeof(T));
    }
}

Handler decode(Decoder& d, bool hasResult) {
    auto& i = *d.instruction;
    static const char* const names[] = {"add", "min", "max", "and", "or", "xor", "exch", "cas", "inc", "dec"};
    int found = -1;
    for (int k = 0; k < 10; k++) if (d.take(names[k])) found = k;
    if (found < 0) d.unknown();
    for (auto hint : {"relaxed", "acquire", "release", "acq_rel", "gpu", "cta", "sys"}) d.take(hint);
    auto space = d.take("global") ? Space::Global : d.take("shared") ? Space::Shared : Space::Generic;
    auto type = d.requireType();
    if (isFloat(type) && found != Add && found != Exchange) d.unknown();
    i.extra = (uint8_t)found;
    i.more = (uint8_t)((int)space << 1 | (hasResult ? 1 : 0));
    size_t at = 0;
    if (hasResult) i.o[1] = d.target(d.operand(at++), type);
    i.o[0] = d.address(d.operand(at++));
    i.o[2] = i.o[3] = d.source(d.operand(at++), type);
    if (found == CompareExchange) i.o[3] = d.source(d.operand(at++), type);
    d.expectOperands(at);
    switch (type) {
        case Type::B32: case Type::U32: return atomic<uint32_t>;
        case Type::S32: return atomic<int32_t>;
        case Type::B64: case Type::U64: return atomic<uint64_t>;
        case Type::S64: return atomic<int64_t>;
        case Type::F32: return atomic<float>;
        case Type::F64: return atomic<double>;
        default: d.unknown();
    }
}
}

void addAtomics(DecoderTable& table) {
    table["atom"] = [](Decoder& d) { return decode(d, true); };
    table["red"] = [](Decoder& d) { return decode(d, false); };
}
