// mma.sync of 16 x 8 results: k16 and k8 of f16 and bf16, k8 of tf32, summed in f32. PTX leaves order and rounding of the sums open: they are exact here, rounded once.
#include "half.h"
#include "operations.h"

namespace {
enum Input : uint8_t { Half, BFloat, TFloat };

float elementOf(const Warp& w, Place place, int lane, int i, uint8_t input) {
    if (input == TFloat) return fromBits(w.in<uint32_t>(place)[lane] & 0xFFFFE000);
    auto bits = (uint16_t)(w.in<uint32_t>(place)[lane] >> (16 * (i & 1)));
    return input == Half ? halfToFloat(bits) : bfloatToFloat(bits);
}

// The fragments of PTX ISA, "matrix fragments for mma.m16n8k16" and for .m16n8k8: group = lane / 4, thread = lane % 4. o: d0..d3, a, b, c0..c3.
template <int depth, bool isSingle> void multiply(Warp& w, const Instruction& i, Mask mask) {
    if (!mask) return;
    w.require(mask, w.all);
    if (w.all != AllLanes) throw KernelFault(719, "a warp with fewer than 32 threads multiplies on tensor cores");
    constexpr int perRegister = isSingle ? 1 : 2, registersA = 16 * depth / Lanes / perRegister, registersB = 8 * depth / Lanes / perRegister;
    double a[16][depth], b[depth][8];
    for (int lane = 0; lane < Lanes; lane++) {
        int group = lane / 4, thread = lane % 4;
        for (int e = 0; e < registersA * perRegister; e++) {
            int row, column;
            if (isSingle) row = group + (e & 1 ? 8 : 0), column = thread + (e >= 2 ? 4 : 0);
            else row = group + (e / 2 % 2 ? 8 : 0), column = thread * 2 + (e & 1) + (e >= 4 ? 8 : 0);
            a[row][column] = elementOf(w, i.o[4 + e / perRegister], lane, e, i.extra);
        }
        for (int e = 0; e < registersB * perRegister; e++) {
            auto row = isSingle ? thread + (e ? 4 : 0) : thread * 2 + (e & 1) + (e >= 2 ? 8 : 0);
            b[row][group] = elementOf(w, i.o[8 + e / perRegister], lane, e, i.extra);
        }
    }
    float results[4][Lanes];
    for (int lane = 0; lane < Lanes; lane++)
        for (int e = 0; e < 4; e++) {
            int row = lane / 4 + (e >= 2 ? 8 : 0), column = lane % 4 * 2 + (e & 1);
            double sum = w.in<float>(i.o[10 + e])[lane];
            for (int k = 0; k < depth; k++) sum += a[row][k] * b[k][column];
            results[e][lane] = canonical((float)sum);
        }
    for (int e = 0; e < 4; e++) memcpy(w.out<float>(i.o[e]), results[e], sizeof(results[e]));
}

Handler mma(Decoder& d) {
    auto& i = *d.instruction;
    if (!d.take("sync") || !d.take("aligned") || !d.take("row") || !d.take("col")) d.unknown();
    auto depth = d.take("m16n8k16") ? 16 : d.take("m16n8k8") ? 8 : 0;
    auto count = [&](const char* name) { return d.take(name) && d.take(name); };
    auto input = count("bf16") ? BFloat : count("f16") ? Half : count("tf32") ? TFloat : 9;
    if (!depth || input == 9 || !count("f32") || (input == TFloat && depth == 16)) d.unknown();
    i.extra = (uint8_t)input;
    d.expectOperands(4);
    const size_t sizes[] = {4, (size_t)(depth == 16 || input == TFloat ? 4 : 2), (size_t)(depth == 16 || input == TFloat ? 2 : 1), 4};
    const int starts[] = {0, 4, 8, 10};
    for (int k = 0; k < 4; k++) {
        auto& vector = d.operand(k);
        if (vector.kind != Operand::Vector || vector.elements.size() != sizes[k]) d.fail("operand " + std::to_string(k) + " takes " + std::to_string(sizes[k]) + " registers");
        auto type = k == 0 || k == 3 ? Type::F32 : Type::B32;
        for (size_t e = 0; e < sizes[k]; e++) i.o[starts[k] + e] = k == 0 ? d.target(vector.elements[e], type) : d.source(vector.elements[e], type);
    }
    if (input == TFloat) return multiply<8, true>;
    return depth == 16 ? multiply<16, false> : multiply<8, false>;
}
}

void addTensorCores(DecoderTable& table) { table["mma"] = mma; }
