// Turns the statements of a function into instructions.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "program.h"

class Decoder {
public:
    Decoder(Program& program) : program(program) {}

    void decodeAll();

    // The statement under way: its mnemonic's parts, of which every decoder takes off those it knows.
    std::string base;
    std::vector<std::string> parts;
    const Statement* statement = nullptr;
    Instruction* instruction = nullptr;

    bool take(const std::string& part);        // takes a modifier off, if it is there
    Type takeType();                           // takes the first type off
    Type requireType();
    void done();                               // fails where a modifier is left
    void expectOperands(size_t count);
    [[noreturn]] void unknown() const;         // the emulator does not know this instruction
    [[noreturn]] void fail(const std::string& text) const;

    const Operand& operand(size_t i) const;
    Type registerType(const Operand& operand) const;
    Place target(const Operand& operand, Type type, bool mayBeWider = false);  // a register that is written
    Place source(const Operand& operand, Type type, bool mayBeWider = false);  // a register or an immediate
    Place address(const Operand& operand);     // base register; the offset goes to the instruction
    Place constant(Type type, uint64_t bits);
    uint32_t label(const std::string& name) const;
    uint64_t immediate(const Operand& operand, Type type) const;
    const Variable* variable(const std::vector<Variable>& variables, const std::string& name) const;

    Program& program;

private:
    std::map<std::string, Place> places;
    std::map<std::pair<int, uint64_t>, Place> constants;

    Place place(const std::string& name, Type type);
    Place special(const std::string& name);
};

using DecodeFunction = Handler (*)(Decoder&);
using DecoderTable = std::map<std::string, DecodeFunction>;

void addArithmetic(DecoderTable&);
void addFloats(DecoderTable&);
void addComparisons(DecoderTable&);
void addConversions(DecoderTable&);
void addMemory(DecoderTable&);
void addAtomics(DecoderTable&);
void addControl(DecoderTable&);
void addWarpWide(DecoderTable&);
void addTensorCores(DecoderTable&);
