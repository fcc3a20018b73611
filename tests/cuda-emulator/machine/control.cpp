// Branches, returns, barriers, fences.
#include "operations.h"

namespace {
void branchTo(Warp& w, const Instruction& i, Mask mask) {
    // PTX: what is marked .uni goes the same way in all threads that execute it; a compiler may rely on that.
    if (i.isUniform && mask && mask != w.active) throw KernelFault(719, "a branch that says it is uniform is not", __builtin_ctz(w.active & ~mask));
    w.branch(i, i.target, mask);
}

void branchByIndex(Warp& w, const Instruction& i, Mask mask) {
    auto index = w.in<uint32_t>(i.o[0]);
    auto& table = w.program->tables[i.target];
    while (mask) {
        auto lane = __builtin_ctz(mask);
        auto way = index[lane];
        if (way >= table.size()) throw KernelFault(719, "index " + std::to_string((int32_t)way) + " of a branch is outside of its " + std::to_string(table.size()) + " targets", lane);
        Mask same = 0;
        for (auto rest = mask; rest; rest &= rest - 1)
            if (auto l = __builtin_ctz(rest); index[l] == way) same |= 1u << l;
        if (i.isUniform && same != w.active) throw KernelFault(719, "a branch that says it is uniform is not", lane);
        mask &= ~same;
        w.branch(i, table[way], same);
    }
}

void leave(Warp& w, const Instruction&, Mask mask) { w.exit(mask); }

void trap(Warp&, const Instruction&, Mask mask) {
    if (mask) throw KernelFault(719, "it executed trap", __builtin_ctz(mask));
}

void barrier(Warp& w, const Instruction& i, Mask mask) {
    if (!mask) return;
    w.require(mask, w.all);
    w.barrier = i.immediate;
    w.state = Warp::AtBarrier;
}

void warpBarrier(Warp& w, const Instruction& i, Mask mask) {
    if (mask) w.require(mask, w.in<Mask>(i.o[0])[__builtin_ctz(mask)] & w.all);
}

void nothing(Warp&, const Instruction&, Mask) {}

Handler bra(Decoder& d) {
    d.instruction->isUniform = d.take("uni") && d.instruction->hasGuard;
    d.expectOperands(1);
    d.instruction->target = d.label(d.operand(0).text);
    d.instruction->flow = Instruction::Branch;
    return branchTo;
}

Handler brx(Decoder& d) {
    if (!d.take("idx")) d.unknown();
    d.instruction->isUniform = d.take("uni");
    d.expectOperands(2);
    d.instruction->o[0] = d.source(d.operand(0), Type::U32);
    auto found = d.program.text.branchTargets.find(d.operand(1).text);
    if (found == d.program.text.branchTargets.end()) d.fail("there are no .branchtargets " + d.operand(1).text);
    std::vector<uint32_t> table;
    for (auto& name : found->second) table.push_back(d.label(name));
    d.instruction->target = (uint32_t)d.program.tables.size();
    d.program.tables.push_back(table);
    d.instruction->flow = Instruction::Table;
    return branchByIndex;
}

Handler bar(Decoder& d) {
    d.take("cta");
    if (d.take("warp")) {
        if (!d.take("sync")) d.unknown();
        d.expectOperands(1);
        d.instruction->o[0] = d.source(d.operand(0), Type::B32);
        return warpBarrier;
    }
    if (!d.take("sync")) d.unknown();
    d.take("aligned");
    d.expectOperands(1);  // a barrier of some of the threads is not known
    if (d.operand(0).kind != Operand::Immediate) d.fail("only barriers with a number are known");
    d.instruction->immediate = (int64_t)d.immediate(d.operand(0), Type::U32);
    if (d.instruction->immediate > 15) d.fail("there are 16 barriers");
    return barrier;
}

Handler fence(Decoder& d) {
    d.parts.clear();
    return nothing;
}

template <Handler handler> Handler plain(Decoder& d) {
    d.take("uni");
    d.instruction->flow = Instruction::End;
    d.expectOperands(0);
    return handler;
}
}

void addControl(DecoderTable& table) {
    table["bra"] = bra;
    table["brx"] = brx;
    table["ret"] = plain<leave>;
    table["exit"] = plain<leave>;
    table["trap"] = plain<trap>;
    table["bar"] = bar;
    table["barrier"] = bar;
    table["membar"] = fence;
    table["fence"] = fence;
}
