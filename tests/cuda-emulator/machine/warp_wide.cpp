// shfl.sync, vote.sync, activemask: threads of a warp that look at each other's registers.
#include "operations.h"

namespace {
enum Mode : uint8_t { Up, Down, Butterfly, Index };

void shuffle(Warp& w, const Instruction& i, Mask mask) {
    if (!mask) return;
    auto member = w.in<Mask>(i.o[5])[__builtin_ctz(mask)] & w.all;
    w.require(mask, member);
    auto a = w.in<uint32_t>(i.o[2]), b = w.in<uint32_t>(i.o[3]), c = w.in<uint32_t>(i.o[4]);
    uint32_t result[Lanes];
    Mask inRange = 0;
    for (auto rest = mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest), by = b[lane] & 31, clamp = c[lane] & 31, segment = c[lane] >> 8 & 31;
        int most = (lane & segment) | (clamp & ~segment), least = lane & segment, from = lane;
        bool holds = false;
        switch ((Mode)i.extra) {
            case Up: from = lane - by; holds = from >= most; break;
            case Down: from = lane + by; holds = from <= most; break;
            case Butterfly: from = lane ^ by; holds = from <= most; break;
            case Index: from = least | (by & ~segment); holds = from <= most; break;
        }
        if (!holds) from = lane;
        if (!(mask >> from & 1)) throw KernelFault(719, "a shuffle reads lane " + std::to_string(from) + ", which does not take part", lane);
        result[lane] = a[from];
        inRange |= (Mask)holds << lane;
    }
    auto d = w.out<uint32_t>(i.o[0]);
    forLanes(mask, [&](int l) { d[l] = result[l]; });
    if (i.more) {
        auto& p = w.predicate(i.o[1]);
        p = (p & ~mask) | inRange;
    }
}

Handler shfl(Decoder& d) {
    auto& i = *d.instruction;
    if (!d.take("sync")) d.unknown();
    i.extra = d.take("up") ? Up : d.take("down") ? Down : d.take("bfly") ? Butterfly : d.take("idx") ? Index : 9;
    if (i.extra == 9 || d.requireType() != Type::B32) d.unknown();
    d.expectOperands(5);
    auto& result = d.operand(0);
    i.more = result.kind == Operand::Vector;
    i.o[0] = d.target(i.more ? result.elements[0] : result, Type::B32);
    if (i.more) i.o[1] = d.target(result.elements[1], Type::Pred);
    for (int k = 1; k < 5; k++) i.o[k + 1] = d.source(d.operand(k), Type::B32);
    return shuffle;
}

enum Vote : uint8_t { AllOf, AnyOf, Uniform, Ballot };

void vote(Warp& w, const Instruction& i, Mask mask) {
    if (!mask) return;
    auto member = w.in<Mask>(i.o[2])[__builtin_ctz(mask)] & w.all;
    w.require(mask, member);
    auto values = w.predicateIn(i.o[1]);
    if (i.more) values = ~values;
    values &= member;
    if (i.extra == Ballot) {
        auto d = w.out<uint32_t>(i.o[0]);
        forLanes(mask, [=](int l) { d[l] = values; });
        return;
    }
    auto holds = i.extra == AllOf ? values == member : i.extra == AnyOf ? values != 0 : values == 0 || values == member;
    auto& d = w.predicate(i.o[0]);
    d = holds ? d | mask : d & ~mask;
}

Handler decodeVote(Decoder& d) {
    auto& i = *d.instruction;
    if (!d.take("sync")) d.unknown();
    i.extra = d.take("all") ? AllOf : d.take("any") ? AnyOf : d.take("uni") ? Uniform : d.take("ballot") ? Ballot : 9;
    if (i.extra == 9) d.unknown();
    auto type = d.requireType();
    d.expectOperands(3);
    i.o[0] = d.target(d.operand(0), type);
    auto value = d.operand(1);
    i.more = value.isNegated;
    value.isNegated = false;
    i.o[1] = d.source(value, Type::Pred);
    i.o[2] = d.source(d.operand(2), Type::B32);
    return vote;
}

void activeMask(Warp& w, const Instruction& i, Mask mask) {
    auto d = w.out<uint32_t>(i.o[0]);
    forLanes(mask, [=](int l) { d[l] = mask; });
}
}

void addWarpWide(DecoderTable& table) {
    table["shfl"] = shfl;
    table["vote"] = decodeVote;
    table["activemask"] = [](Decoder& d) -> Handler {
        d.expectOperands(1);
        d.instruction->o[0] = d.target(d.operand(0), d.requireType());
        return activeMask;
    };
}
