#include "decoder.h"

#include <cstring>

#include "../ptx/tokens.h"

namespace {
const DecoderTable& decoders() {
    static const DecoderTable table = [] {
        DecoderTable made;
        for (auto add : {addArithmetic, addFloats, addComparisons, addConversions, addMemory, addAtomics, addControl, addWarpWide, addTensorCores}) add(made);
        return made;
    }();
    return table;
}

std::vector<std::string> split(const std::string& opcode) {
    std::vector<std::string> parts;
    for (size_t begin = 0; begin <= opcode.size();) {
        auto end = std::min(opcode.find('.', begin), opcode.size());
        parts.push_back(opcode.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

std::string write(const Operand& operand) {
    std::string text = operand.isNegated ? "!" : "";
    if (operand.kind == Operand::Vector) {
        for (auto& element : operand.elements) text += (text.empty() ? "{" : ", ") + write(element);
        return text + "}";
    }
    text += operand.text;
    if (operand.kind == Operand::Address) return "[" + text + (operand.offset ? "+" + std::to_string(operand.offset) : "") + "]";
    return text;
}

std::string write(const Statement& statement) {
    auto text = statement.guard.empty() ? statement.opcode : (statement.isGuardNegated ? "@!" : "@") + statement.guard + " " + statement.opcode;
    for (size_t i = 0; i < statement.operands.size(); i++) text += (i ? ", " : " ") + write(statement.operands[i]);
    return "'" + text + "' (line " + std::to_string(statement.line) + ")";
}
}

std::string Program::describe(const Instruction& instruction) const {
    return instruction.statement < (int)text.statements.size() ? write(text.statements[instruction.statement]) : "the end of " + text.name;
}

void Decoder::decodeAll() {
    auto& statements = program.text.statements;
    program.code.resize(statements.size() + 1);
    for (size_t i = 0; i <= statements.size(); i++) {
        static const Statement end = [] { Statement s; s.opcode = "ret"; return s; }();
        statement = i < statements.size() ? &statements[i] : &end;
        instruction = &program.code[i];
        instruction->statement = (int)i;
        parts = split(statement->opcode);
        base = parts[0];
        parts.erase(parts.begin());
        if (!statement->guard.empty()) {
            Operand guard;
            guard.kind = Operand::Register;
            guard.text = statement->guard;
            instruction->hasGuard = true;
            instruction->isGuardNegated = statement->isGuardNegated;
            instruction->guard = source(guard, Type::Pred);
        }
        auto found = decoders().find(base);
        if (found == decoders().end()) unknown();
        instruction->run = found->second(*this);
        done();
    }
}

bool Decoder::take(const std::string& part) {
    for (size_t i = 0; i < parts.size(); i++)
        if (parts[i] == part) {
            parts.erase(parts.begin() + i);
            return true;
        }
    return false;
}

Type Decoder::takeType() {
    for (size_t i = 0; i < parts.size(); i++)
        if (auto type = typeNamed(parts[i]); type != Type::None) {
            parts.erase(parts.begin() + i);
            return type;
        }
    return Type::None;
}

Type Decoder::requireType() {
    auto type = takeType();
    if (type == Type::None) fail("the instruction has no type");
    return type;
}

void Decoder::done() {
    if (!parts.empty()) fail("the emulator does not know '." + parts[0] + "' here");
}

void Decoder::expectOperands(size_t count) {
    if (statement->operands.size() != count) fail("it takes " + std::to_string(count) + " operands");
}

void Decoder::unknown() const { fail("the emulator does not know this instruction"); }
void Decoder::fail(const std::string& text) const { throw PtxError(write(*statement) + " of " + program.text.name + ": " + text); }

const Operand& Decoder::operand(size_t i) const {
    if (i >= statement->operands.size()) fail("an operand is missing");
    return statement->operands[i];
}

Type Decoder::registerType(const Operand& operand) const {
    auto found = program.text.registers.find(operand.text);
    if (found == program.text.registers.end()) fail("register " + operand.text + " was not declared");
    return found->second;
}

Place Decoder::target(const Operand& operand, Type type, bool mayBeWider) {
    if (operand.kind != Operand::Register || operand.isNegated) fail("the result must go to a register");
    auto declared = registerType(operand);
    if (!agree(type, declared) && !(mayBeWider && type != Type::Pred && declared != Type::Pred && sizeOf(declared) > sizeOf(type) && !isFloat(declared)))
        fail("register " + operand.text + " is of another type");
    return place(operand.text, declared);
}

Place Decoder::source(const Operand& operand, Type type, bool mayBeWider) {
    if (operand.kind == Operand::Immediate) return constant(type, immediate(operand, type));
    if (operand.kind == Operand::Vector || operand.kind == Operand::Address) fail("this operand must be a register or a number");
    if (operand.kind == Operand::Name) {
        for (auto* variables : {&program.text.shared, &program.text.local})
            if (auto found = variable(*variables, operand.text)) return constant(type, (uint64_t)found->offset);
        if (operand.text == "WARP_SZ") return constant(type, Lanes);
        fail("'" + operand.text + "' was not declared");
    }
    if (auto at = special(operand.text); at != ~0u) return at;
    return target(operand, type, mayBeWider);
}

Place Decoder::address(const Operand& operand) {
    if (operand.kind != Operand::Address) fail("this operand must be an address");
    instruction->immediate = operand.offset;
    Operand base;
    base.kind = operand.text[0] == '%' ? Operand::Register : isdigit((unsigned char)operand.text[0]) ? Operand::Immediate : Operand::Name;
    base.text = operand.text;
    return source(base, Type::B64);
}

Place Decoder::constant(Type type, uint64_t bits) {
    auto bytes = sizeOf(type);
    if (bytes < 8) bits &= (1ull << (8 * bytes)) - 1;
    if (type == Type::Pred) bits = bits ? AllLanes : 0;
    auto [found, isNew] = constants.emplace(std::pair{bytes, bits}, 0);
    if (isNew) {
        auto at = program.constants.size();
        program.constants.resize(at + Lanes * 8);
        for (int lane = 0; lane < Lanes; lane++) memcpy(&program.constants[at + lane * bytes], &bits, bytes);
        found->second = (Place)at | 1;
    }
    return found->second;
}

uint32_t Decoder::label(const std::string& name) const {
    auto found = program.text.labels.find(name);
    if (found == program.text.labels.end()) fail("there is no label " + name);
    return (uint32_t)found->second;
}

uint64_t Decoder::immediate(const Operand& operand, Type type) const {
    auto& text = operand.text;
    auto at = text[0] == '-' ? 1 : 0;
    if (text.size() > (size_t)at + 2 && text[at] == '0' && (text[at + 1] == 'f' || text[at + 1] == 'F' || text[at + 1] == 'd' || text[at + 1] == 'D')) {
        auto isSingle = tolower(text[at + 1]) == 'f';
        auto bits = strtoull(text.c_str() + at + 2, nullptr, 16);
        if (sizeOf(type) != (isSingle ? 4 : 8) || isInteger(type)) fail("the number " + text + " is of another type");
        return at ? bits ^ (1ull << (isSingle ? 31 : 63)) : bits;
    }
    if (isFloat(type) || text.find('.') != std::string::npos) {
        auto value = strtod(text.c_str(), nullptr);
        auto single = (float)value;
        uint64_t bits = 0;
        if (type == Type::F32) memcpy(&bits, &single, 4);
        else if (type == Type::F64) memcpy(&bits, &value, 8);
        else fail("the number " + text + " is of another type");
        return bits;
    }
    return at ? (uint64_t)-(int64_t)strtoull(text.c_str() + 1, nullptr, 0) : strtoull(text.c_str(), nullptr, 0);
}

const Variable* Decoder::variable(const std::vector<Variable>& variables, const std::string& name) const {
    for (auto& v : variables) if (v.name == name) return &v;
    return nullptr;
}

Place Decoder::place(const std::string& name, Type type) {
    auto [found, isNew] = places.emplace(name, 0);
    if (isNew) {
        found->second = (Place)program.registerBytes;
        program.registerBytes += type == Type::Pred ? 64 : (size_t)Lanes * sizeOf(type);
    }
    return found->second;
}

Place Decoder::special(const std::string& name) {
    static const std::map<std::string, Special> names = {
        {"%tid.x", Special::TidX}, {"%tid.y", Special::TidY}, {"%tid.z", Special::TidZ}, {"%ntid.x", Special::NtidX}, {"%ntid.y", Special::NtidY}, {"%ntid.z", Special::NtidZ},
        {"%ctaid.x", Special::CtaidX}, {"%ctaid.y", Special::CtaidY}, {"%ctaid.z", Special::CtaidZ}, {"%nctaid.x", Special::NctaidX}, {"%nctaid.y", Special::NctaidY},
        {"%nctaid.z", Special::NctaidZ}, {"%laneid", Special::LaneId}, {"%warpid", Special::WarpId}, {"%nwarpid", Special::NWarpId}};
    auto found = names.find(name);
    if (found == names.end()) return ~0u;
    for (auto& [kind, at] : program.specials) if (kind == found->second) return at;
    auto at = (Place)program.registerBytes;
    program.registerBytes += Lanes * 4;
    program.specials.push_back({found->second, at});
    return at;
}

std::unique_ptr<Program> decode(const FunctionText& function) {
    auto program = std::make_unique<Program>();
    program->text = function;
    Decoder(*program).decodeAll();
    findMeetings(*program);
    for (auto& v : function.shared) {
        program->sharedBytes = v.offset + v.bytes;
        program->sharedSize = (program->sharedSize + v.align - 1) / v.align * v.align + v.bytes;
    }
    for (auto& v : function.local) program->localBytes = v.offset + v.bytes;
    program->localBytes = (program->localBytes + 15) / 16 * 16;
    return program;
}
