using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HyperDsl.Gpu.Tests;

/// <summary>What instructions mean, after NVIDIA's "Parallel Thread Execution ISA".</summary>
internal static partial class PtxInstructions
{
    private static readonly Dictionary<string, Func<int, int, int>> Integers = new()
    {
        ["add.s32"] = (a, b) => a + b,
        ["add.u32"] = (a, b) => a + b,
        ["sub.s32"] = (a, b) => a - b,
        ["mul.lo.s32"] = (a, b) => a * b,
        ["div.s32"] = (a, b) => a / b,
        ["rem.s32"] = (a, b) => a % b,
        ["min.s32"] = Math.Min,
        ["max.s32"] = Math.Max,
        ["and.b32"] = (a, b) => a & b,
        ["or.b32"] = (a, b) => a | b,
        ["shl.b32"] = (a, b) => (uint)b > 31 ? 0 : a << b,
        ["shr.s32"] = (a, b) => a >> (int)Math.Min((uint)b, 31),
    };

    private static readonly Dictionary<string, Func<float, float, float>> Floats = new()
    {
        ["add.f32"] = (a, b) => a + b,
        ["sub.f32"] = (a, b) => a - b,
        ["mul.f32"] = (a, b) => a * b,
    };

    private static readonly Dictionary<string, Func<int, int, bool>> IntegerTests = new()
    {
        ["setp.eq.s32"] = (a, b) => a == b,
        ["setp.ne.s32"] = (a, b) => a != b,
        ["setp.lt.s32"] = (a, b) => a < b,
        ["setp.le.s32"] = (a, b) => a <= b,
        ["setp.gt.s32"] = (a, b) => a > b,
        ["setp.ge.s32"] = (a, b) => a >= b,
    };

    private static readonly Dictionary<string, Func<float, float, bool>> FloatTests = new()
    {
        ["setp.lt.f32"] = (a, b) => a < b,
        ["setp.gt.f32"] = (a, b) => a > b,
    };

    public static PtxInstruction Read(PtxProgram program, string statement)
    {
        Match match = Statement().Match(statement);
        string name = match.Groups["name"].Value;
        string[] operands = [.. Operand().Matches(match.Groups["operands"].Value).Select(operand => operand.Value)];
        if (name is "bra" or "bra.uni")
        {
            return Branch(program, match.Groups["guard"].Value, operands[0]);
        }

        Assert.True(match.Groups["guard"].Length == 0, statement);
        if (name.StartsWith("ld.param", StringComparison.Ordinal))
        {
            return new([], OfParameter(program, name, operands), PtxStop.None);
        }

        int[] slots = [.. operands.Select(program.Slot)];
        PtxStop stop = name switch
        {
            "bar.sync" => PtxStop.Barrier,
            "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32" => PtxStop.TensorCore,
            "ret" => PtxStop.End,
            _ => PtxStop.None,
        };
        return new(slots, stop == PtxStop.None ? Step(name, slots) : _ => { }, stop);
    }

    private static PtxInstruction Branch(PtxProgram program, string guard, string label)
    {
        if (guard.Length == 0)
        {
            return new([], thread => thread.Next = program.Label(label), PtxStop.None);
        }

        bool taken = guard[1] != '!';
        int condition = program.Slot(guard[(taken ? 1 : 2)..]);
        return new([], thread => thread.Next = (thread.Registers[condition] != 0) == taken ? program.Label(label) : thread.Next, PtxStop.None);
    }

    private static Action<PtxThread> OfParameter(PtxProgram program, string name, string[] operands)
    {
        string[] place = operands[1].Split('+');
        int parameter = program.ParameterNumber(place[0]);
        int offset = place.Length == 1 ? 0 : int.Parse(place[1], CultureInfo.InvariantCulture);
        int target = program.Slot(operands[0]);
        return name switch
        {
            "ld.param.b32" => thread => thread.Registers[target] = BinaryPrimitives.ReadUInt32LittleEndian(thread.Parameters[parameter].AsSpan(offset)),
            "ld.param.b64" => thread => thread.Registers[target] = BinaryPrimitives.ReadUInt64LittleEndian(thread.Parameters[parameter].AsSpan(offset)),
            _ => throw new NotSupportedException(name),
        };
    }

    private static Action<PtxThread> Step(string name, int[] s)
    {
        if (Integers.TryGetValue(name, out Func<int, int, int>? integer))
        {
            return thread => thread.Set(s[0], integer(thread.Integer(s[1]), thread.Integer(s[2])));
        }

        if (Floats.TryGetValue(name, out Func<float, float, float>? single))
        {
            return thread => thread.Set(s[0], single(thread.Float(s[1]), thread.Float(s[2])));
        }

        if (IntegerTests.TryGetValue(name, out Func<int, int, bool>? integerTest))
        {
            return thread => thread.Registers[s[0]] = integerTest(thread.Integer(s[1]), thread.Integer(s[2])) ? 1UL : 0;
        }

        if (FloatTests.TryGetValue(name, out Func<float, float, bool>? floatTest))
        {
            return thread => thread.Registers[s[0]] = floatTest(thread.Float(s[1]), thread.Float(s[2])) ? 1UL : 0;
        }

        return Other(name, s);
    }

    private static Action<PtxThread> Other(string name, int[] s) => name switch
    {
        "mov.b32" or "mov.u32" or "mov.f32" => thread => thread.Registers[s[0]] = (uint)thread.Registers[s[1]],
        "mov.b64" => thread => thread.Registers[s[0]] = thread.Registers[s[1]],
        "add.u64" => thread => thread.Registers[s[0]] = thread.Registers[s[1]] + thread.Registers[s[2]],
        "mul.wide.u32" => thread => thread.Registers[s[0]] = (ulong)(uint)thread.Registers[s[1]] * (uint)thread.Registers[s[2]],
        "selp.b32" => thread => thread.Registers[s[0]] = thread.Registers[s[3]] != 0 ? thread.Registers[s[1]] : thread.Registers[s[2]],
        "testp.notanumber.f32" => thread => thread.Registers[s[0]] = float.IsNaN(thread.Float(s[1])) ? 1UL : 0,
        "ld.f32" or "ld.v4.f32" => thread => Load(thread, s, isShared: false),
        "ld.shared.f32" or "ld.shared.v4.f32" => thread => Load(thread, s, isShared: true),
        "st.f32" or "st.v4.f32" => thread => Store(thread, s, isShared: false),
        "st.shared.f32" or "st.shared.v4.f32" => thread => Store(thread, s, isShared: true),
        _ => throw new NotSupportedException(name),
    };

    private static void Load(PtxThread thread, int[] slots, bool isShared)
    {
        int count = slots.Length - 1;
        ulong address = Aligned(thread.Registers[slots[count]], count);
        for (int i = 0; i < count; i++)
        {
            thread.Registers[slots[i]] = thread.Memory.Load(thread, address + (ulong)(sizeof(uint) * i), isShared);
        }
    }

    private static void Store(PtxThread thread, int[] slots, bool isShared)
    {
        int count = slots.Length - 1;
        ulong address = Aligned(thread.Registers[slots[0]], count);
        for (int i = 0; i < count; i++)
        {
            thread.Memory.Store(thread, address + (ulong)(sizeof(uint) * i), (uint)thread.Registers[slots[i + 1]], isShared);
        }
    }

    private static ulong Aligned(ulong address, int words)
    {
        Assert.True(address % (ulong)(sizeof(uint) * words) == 0, $"Address {address:X} is not a multiple of {sizeof(uint) * words}");
        return address;
    }

    [GeneratedRegex(@"^(?<guard>@!?\S+)?\s*(?<name>[\w.]+)\s*(?<operands>.*)$", RegexOptions.Singleline)]
    private static partial Regex Statement();

    [GeneratedRegex(@"[^\s,{}\[\]]+")]
    private static partial Regex Operand();
}
