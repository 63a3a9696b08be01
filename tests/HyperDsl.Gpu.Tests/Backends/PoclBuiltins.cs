namespace HyperDsl.Gpu.Tests;

/// <summary>
/// The functions of OpenCL C that our kernels call. pocl otherwise reads 900 KB of declarations with every kernel that it compiles, which
/// took two thirds of the time of the tests of operations. A function that is missing here is an error that names it: add a line.
/// </summary>
internal static class PoclBuiltins
{
    /// <summary>
    /// Compiler options that leave the usual declarations out, and let ILGPU's own kernel do without: it is compiled to be asked for the
    /// width of a warp, and never run.
    /// </summary>
    public const string Options = "-D_OPENCL_H_ -Dget_global_id(x)=0";

    /// <summary>In front of each program.</summary>
    public static readonly string Declarations = string.Join('\n',
    [
        "#undef get_global_id",
        "#define CLK_LOCAL_MEM_FENCE 1",
        "#define CLK_GLOBAL_MEM_FENCE 2",
        "#define as_int(x) __builtin_astype((x), int)",
        "#define as_uint(x) __builtin_astype((x), uint)",
        "#define as_float(x) __builtin_astype((x), float)",
        "#define as_long(x) __builtin_astype((x), long)",
        "#define as_ulong(x) __builtin_astype((x), ulong)",
        "#define as_double(x) __builtin_astype((x), double)",
        "void __attribute__((overloadable, convergent)) barrier(uint);",
        "void __attribute__((overloadable, convergent)) work_group_barrier(uint);",
        .. Pure("size_t", ["get_local_id", "get_group_id", "get_global_id", "get_local_size", "get_num_groups", "get_global_size"], "uint"),
        .. OfIntegers(["min", "max"]),
        .. OfReals(["fabs", "floor", "ceil", "rint", "sqrt", "rsqrt", "exp", "exp2", "log", "log2", "sin", "cos", "tan", "tanh"], 1),
        .. OfReals(["fmin", "fmax", "pow", "copysign"], 2),
        .. OfReals(["fma"], 3),
        .. Pure("int", ["isnan", "isinf", "isfinite"], "float"),
        .. Pure("int", ["isnan", "isinf", "isfinite"], "double"),
        "",
    ]);

    private static IEnumerable<string> OfIntegers(string[] names) =>
        new[] { "int", "uint", "long", "ulong" }.SelectMany(type => Pure(type, names, type + ", " + type));

    private static IEnumerable<string> OfReals(string[] names, int arguments) =>
        new[] { "float", "double" }.SelectMany(type => Pure(type, names, string.Join(", ", Enumerable.Repeat(type, arguments))));

    private static IEnumerable<string> Pure(string result, string[] names, string arguments) =>
        names.Select(name => $"{result} __attribute__((overloadable, const)) {name}({arguments});");
}
