// cuBLAS: matrix products column by column, as its documentation defines them. Naive: it says nothing about speed.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <mutex>
#include <set>
#include <vector>

#include "../machine/half.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT int cudaEmulatorEnqueue(void* stream, const std::function<void()>* work);
EXPORT int cudaEmulatorHolds(uint64_t address, uint64_t bytes);
EXPORT int cudaEmulatorFail(const char* call);

namespace {
enum Status { Success = 0, NotInitialized = 1, InvalidValue = 7, ExecutionFailed = 13, NotSupported = 15 };
enum DataType { F32 = 0, F64 = 1, F16 = 2, BF16 = 14 };
enum ComputeType { Compute16F = 64, Compute32F = 68, Compute32FPedantic = 69, Compute64F = 70, Compute64FPedantic = 71, Compute32FFast16F = 74, Compute32FFast16BF = 75, Compute32FFastTF32 = 77 };

struct Handle { void* stream = nullptr; int mathMode = 0; };
std::mutex gate;
std::set<Handle*> handles;

struct Side { uint64_t data; int type; int leading; int64_t stride; };
struct Gemm { int turnA, turnB, m, n, k; double alpha, beta; Side a, b, c; int batch, compute; };

int bytesOf(int type) { return type == F64 ? 8 : type == F32 ? 4 : 2; }

double read(const Side& side, int64_t place) {
    auto at = (const uint8_t*)side.data + place * bytesOf(side.type);
    float single;
    double wide;
    uint16_t half;
    switch (side.type) {
        case F32: return memcpy(&single, at, 4), single;
        case F64: return memcpy(&wide, at, 8), wide;
        default: return memcpy(&half, at, 2), side.type == F16 ? halfToFloat(half) : bfloatToFloat(half);
    }
}

void write(const Side& side, int64_t place, double value) {
    auto at = (uint8_t*)side.data + place * bytesOf(side.type);
    auto single = (float)value;
    uint16_t half = side.type == F16 ? doubleToHalf(single) : floatToBfloat(single);
    switch (side.type) {
        case F32: memcpy(at, &single, 4); break;
        case F64: memcpy(at, &value, 8); break;
        default: memcpy(at, &half, 2);
    }
}

// Rows and columns as numbers to compute with, so that each is widened once.
std::vector<double> widen(const Side& side, int64_t start, int rows, int columns, bool isTurned) {
    std::vector<double> result((size_t)rows * columns);
    for (int column = 0; column < columns; column++)
        for (int row = 0; row < rows; row++) result[(size_t)row + (size_t)column * rows] = read(side, start + (isTurned ? column + (int64_t)row * side.leading : row + (int64_t)column * side.leading));
    return result;
}

template <class T> void multiply(const Gemm& g) {
    for (int z = 0; z < g.batch; z++) {
        auto a = widen(g.a, z * g.a.stride, g.m, g.k, g.turnA), b = widen(g.b, z * g.b.stride, g.k, g.n, g.turnB);
        std::vector<T> column(g.m);
        for (int j = 0; j < g.n; j++) {
            std::fill(column.begin(), column.end(), T(0));
            for (int p = 0; p < g.k; p++) {
                auto factor = (T)b[(size_t)p + (size_t)j * g.k];
                auto from = &a[(size_t)p * g.m];
                for (int i = 0; i < g.m; i++) column[i] += (T)from[i] * factor;
            }
            for (int i = 0; i < g.m; i++) {
                auto place = z * g.c.stride + i + (int64_t)j * g.c.leading;
                // What beta of 0 multiplies is not read.
                write(g.c, place, (T)g.alpha * column[i] + (g.beta == 0 ? T(0) : (T)g.beta * (T)read(g.c, place)));
            }
        }
    }
}

// Everything of one matrix must lie in memory of the device.
bool isThere(const Side& side, int rows, int columns, int batch) {
    if (!rows || !columns || !batch) return true;
    auto last = (int64_t)(columns - 1) * side.leading + rows, elements = last + (int64_t)(batch - 1) * side.stride;
    auto isFound = cudaEmulatorHolds(side.data, (uint64_t)elements * bytesOf(side.type));
    if (!isFound) fprintf(stderr, "CUDA emulator: cuBLAS is given a matrix of %d x %d, %d apart, which passes the end of its memory\n", rows, columns, side.leading);
    return isFound;
}

int gemm(Handle* handle, Gemm g, const void* alpha, const void* beta) {
    std::lock_guard lock(gate);
    if (!handles.count(handle)) return NotInitialized;
    if (g.m < 0 || g.n < 0 || g.k < 0 || g.batch < 0 || g.turnA < 0 || g.turnA > 2 || g.turnB < 0 || g.turnB > 2 || !alpha || !beta) return InvalidValue;
    auto rowsA = g.turnA ? g.k : g.m, columnsA = g.turnA ? g.m : g.k, rowsB = g.turnB ? g.n : g.k, columnsB = g.turnB ? g.k : g.n;
    if (g.a.leading < std::max(1, rowsA) || g.b.leading < std::max(1, rowsB) || g.c.leading < std::max(1, g.m)) return InvalidValue;
    // The combinations of cuBLAS's table for cublasGemmEx that the project could ask for.
    auto isDouble = g.compute == Compute64F || g.compute == Compute64FPedantic;
    auto isSingle = g.compute == Compute32F || g.compute == Compute32FPedantic || g.compute == Compute32FFast16F || g.compute == Compute32FFast16BF || g.compute == Compute32FFastTF32;
    auto isKnown = isDouble ? g.a.type == F64 && g.b.type == F64 && g.c.type == F64
        : isSingle && g.a.type == g.b.type && (g.a.type == F32 ? g.c.type == F32 : (g.a.type == F16 || g.a.type == BF16) && (g.c.type == g.a.type || g.c.type == F32));
    if (!isKnown) return NotSupported;
    if (g.a.data % bytesOf(g.a.type) || g.b.data % bytesOf(g.b.type) || g.c.data % bytesOf(g.c.type)) return InvalidValue;
    g.alpha = isDouble ? *(const double*)alpha : *(const float*)alpha;
    g.beta = isDouble ? *(const double*)beta : *(const float*)beta;
    if (!isThere(g.a, rowsA, columnsA, g.batch) || !isThere(g.b, rowsB, columnsB, g.batch) || !isThere(g.c, g.m, g.n, g.batch)) return ExecutionFailed;
    std::function<void()> work = [g, isDouble] { isDouble ? multiply<double>(g) : multiply<float>(g); };
    return cudaEmulatorEnqueue(handle->stream, &work) ? ExecutionFailed : Success;
}
}

EXPORT int cublasCreate_v2(Handle** handle) {
    if (auto code = cudaEmulatorFail("cublasCreate_v2")) return code;
    std::lock_guard lock(gate);
    handles.insert(*handle = new Handle());
    return Success;
}

EXPORT int cublasDestroy_v2(Handle* handle) {
    std::lock_guard lock(gate);
    if (!handles.erase(handle)) return NotInitialized;
    delete handle;
    return Success;
}

EXPORT int cublasSetStream_v2(Handle* handle, void* stream) {
    if (auto code = cudaEmulatorFail("cublasSetStream_v2")) return code;
    std::lock_guard lock(gate);
    if (!handles.count(handle)) return NotInitialized;
    handle->stream = stream;
    return Success;
}

EXPORT int cublasSetMathMode(Handle* handle, int mode) {
    std::lock_guard lock(gate);
    if (!handles.count(handle)) return NotInitialized;
    if (mode & ~(15 | 16)) return InvalidValue;
    handle->mathMode = mode;
    return Success;
}

EXPORT int cublasGetVersion_v2(Handle* handle, int* version) {
    std::lock_guard lock(gate);
    if (!handles.count(handle)) return NotInitialized;
    *version = 120000;
    return Success;
}

EXPORT int cublasGemmEx(Handle* handle, int turnA, int turnB, int m, int n, int k, const void* alpha, uint64_t a, int typeA, int lda, uint64_t b, int typeB, int ldb, const void* beta, uint64_t c, int typeC, int ldc, int compute, int) {
    if (auto code = cudaEmulatorFail("cublasGemmEx")) return code;
    return gemm(handle, {turnA, turnB, m, n, k, 0, 0, {a, typeA, lda, 0}, {b, typeB, ldb, 0}, {c, typeC, ldc, 0}, 1, compute}, alpha, beta);
}

EXPORT int cublasGemmStridedBatchedEx(Handle* handle, int turnA, int turnB, int m, int n, int k, const void* alpha, uint64_t a, int typeA, int lda, int64_t strideA, uint64_t b, int typeB, int ldb, int64_t strideB, const void* beta,
    uint64_t c, int typeC, int ldc, int64_t strideC, int batch, int compute, int) {
    if (auto code = cudaEmulatorFail("cublasGemmStridedBatchedEx")) return code;
    return gemm(handle, {turnA, turnB, m, n, k, 0, 0, {a, typeA, lda, strideA}, {b, typeB, ldb, strideB}, {c, typeC, ldc, strideC}, batch, compute}, alpha, beta);
}
