// ld and st; parameters too.
#include "access.h"
#include "operations.h"

namespace {
// more: bytes of a register; extra: how many numbers. Signed numbers are extended by their sign into wider registers, others by zeros.
template <class T, Space space> void load(Warp& w, const Instruction& i, Mask mask) {
    auto addresses = w.in<uint64_t>(i.o[0]);
    int count = i.extra, width = i.more;
    for (; mask; mask &= mask - 1) {
        auto l = __builtin_ctz(mask);
        auto from = resolve(w, i, space, addresses[l] + i.immediate, (int)sizeof(T) * count, l, false);
        for (int k = 0; k < count; k++) {
            T value;
            memcpy(&value, from + k * sizeof(T), sizeof(T));
            if (width == sizeof(T)) w.out<T>(i.o[k + 1])[l] = value;
            else {
                auto wide = (int64_t)value;
                memcpy(w.out<uint8_t>(i.o[k + 1]) + l * width, &wide, width);
            }
        }
    }
}

template <class T, Space space> void store(Warp& w, const Instruction& i, Mask mask) {
    auto addresses = w.in<uint64_t>(i.o[0]);
    int count = i.extra, width = i.more;
    for (; mask; mask &= mask - 1) {
        auto l = __builtin_ctz(mask);
        auto to = resolve(w, i, space, addresses[l] + i.immediate, (int)sizeof(T) * count, l, true);
        for (int k = 0; k < count; k++) memcpy(to + k * sizeof(T), w.in<uint8_t>(i.o[k + 1]) + l * width, sizeof(T));
    }
}

// Lanes that lie one behind the other in one allocation, as most do, are moved at once.
template <class T> void loadGlobal(Warp& w, const Instruction& i, Mask mask) {
    auto addresses = w.in<uint64_t>(i.o[0]);
    if (mask == AllLanes && i.extra == 1 && i.more == sizeof(T)) {
        auto first = addresses[0] + i.immediate;
        uint64_t wrong = first & (sizeof(T) - 1);
        for (int l = 0; l < Lanes; l++) wrong |= addresses[l] - addresses[0] - l * sizeof(T);
        if (!wrong && w.ranges[&i - w.program->code.data()].holds(first, Lanes * sizeof(T))) {
            memcpy(w.out<T>(i.o[1]), (const void*)first, Lanes * sizeof(T));
            return;
        }
    }
    load<T, Space::Global>(w, i, mask);
}

template <class T> void storeGlobal(Warp& w, const Instruction& i, Mask mask) {
    auto addresses = w.in<uint64_t>(i.o[0]);
    if (mask == AllLanes && i.extra == 1 && i.more == sizeof(T)) {
        auto first = addresses[0] + i.immediate;
        uint64_t wrong = first & (sizeof(T) - 1);
        for (int l = 0; l < Lanes; l++) wrong |= addresses[l] - addresses[0] - l * sizeof(T);
        if (!wrong && w.ranges[&i - w.program->code.data()].holds(first, Lanes * sizeof(T))) {
            memcpy((void*)first, w.in<T>(i.o[1]), Lanes * sizeof(T));
            return;
        }
    }
    store<T, Space::Global>(w, i, mask);
}

template <class T> void loadParameter(Warp& w, const Instruction& i, Mask mask) {
    T value;
    memcpy(&value, w.group->params + i.immediate, sizeof(T));
    auto width = i.more;
    if (width == sizeof(T)) {
        auto d = w.out<T>(i.o[1]);
        forLanes(mask, [=](int l) { d[l] = value; });
        return;
    }
    auto wide = (int64_t)value;
    for (; mask; mask &= mask - 1) memcpy(w.out<uint8_t>(i.o[1]) + __builtin_ctz(mask) * width, &wide, width);
}

// Nothing calls functions, so their results go nowhere.
void storeParameter(Warp&, const Instruction&, Mask) { throw KernelFault(719, "a function was called"); }

template <class F> Handler each(Decoder& d, Type type, F f) {
    switch (type) {
        case Type::B8: case Type::U8: return f((uint8_t)0);
        case Type::S8: return f((int8_t)0);
        case Type::B16: case Type::U16: return f((uint16_t)0);
        case Type::S16: return f((int16_t)0);
        case Type::B32: case Type::U32: case Type::F32: return f((uint32_t)0);
        case Type::S32: return f((int32_t)0);
        case Type::B64: case Type::U64: case Type::F64: return f((uint64_t)0);
        case Type::S64: return f((int64_t)0);
        default: d.unknown();
    }
}

Handler parameter(Decoder& d, Type type, bool isStore) {
    auto& i = *d.instruction;
    d.expectOperands(2);
    auto& address = d.operand(isStore ? 0 : 1);
    auto variable = d.variable(d.program.text.params, address.text);
    if (!variable || address.kind != Operand::Address) d.fail("there is no parameter " + address.text);
    i.immediate = variable->offset + address.offset;
    if (address.offset < 0 || address.offset + sizeOf(type) > variable->bytes) d.fail("it goes beyond the parameter");
    if (i.immediate % sizeOf(type)) d.fail("the parameter is not aligned for this");
    if (isStore) {
        if (d.program.text.isEntry) d.fail("parameters of a kernel cannot be written");
        d.source(d.operand(1), type, true);
        return storeParameter;
    }
    i.o[1] = d.target(d.operand(0), type, true);
    i.more = (uint8_t)sizeOf(d.registerType(d.operand(0)));
    return each(d, type, [](auto t) -> Handler { return loadParameter<decltype(t)>; });
}

Handler access(Decoder& d, bool isStore) {
    auto& i = *d.instruction;
    for (auto hint : {"volatile", "weak", "relaxed", "gpu", "cta", "sys", "nc", "ca", "cg", "cs", "lu", "cv", "wb", "wt"}) d.take(hint);
    auto type = d.requireType();
    if (d.take("param")) return parameter(d, type, isStore);
    auto space = d.take("global") ? Space::Global : d.take("shared") ? Space::Shared : d.take("local") ? Space::Local : Space::Generic;
    i.extra = d.take("v4") ? 4 : d.take("v2") ? 2 : 1;
    d.expectOperands(2);
    i.o[0] = d.address(d.operand(isStore ? 0 : 1));
    auto& data = d.operand(isStore ? 1 : 0);
    if ((data.kind == Operand::Vector ? data.elements.size() : 1) != i.extra) d.fail("it takes " + std::to_string(i.extra) + " numbers");
    for (int k = 0; k < i.extra; k++) {
        auto& element = data.kind == Operand::Vector ? data.elements[k] : data;
        i.o[k + 1] = isStore ? d.source(element, type, true) : d.target(element, type, true);
        auto width = element.kind == Operand::Register && d.program.text.registers.count(element.text) ? sizeOf(d.registerType(element)) : sizeOf(type);
        if (k && width != i.more) d.fail("the registers of a vector must be of one width");
        i.more = (uint8_t)width;
    }
    return each(d, type, [=](auto t) -> Handler {
        using T = decltype(t);
        switch (space) {
            case Space::Global: return isStore ? storeGlobal<T> : loadGlobal<T>;
            case Space::Shared: return isStore ? store<T, Space::Shared> : load<T, Space::Shared>;
            case Space::Local: return isStore ? store<T, Space::Local> : load<T, Space::Local>;
            default: return isStore ? store<T, Space::Generic> : load<T, Space::Generic>;
        }
    });
}
}

void addMemory(DecoderTable& table) {
    table["ld"] = [](Decoder& d) { return access(d, false); };
    table["st"] = [](Decoder& d) { return access(d, true); };
}
