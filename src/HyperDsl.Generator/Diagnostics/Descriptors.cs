using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Diagnostics;

/// <summary>Everything the compiler can say. Each id has a page under docs/diagnostics and a test with a misuse of its own.</summary>
internal static class Descriptors
{
    private const string Declaration = "HyperDsl.Declaration";
    private const string Language = "HyperDsl.Language";
    private const string Shapes = "HyperDsl.Shapes";
    private const string Differentiation = "HyperDsl.Differentiation";
    private const string Internal = "HyperDsl.Internal";

    public static readonly DiagnosticDescriptor NotPartial = Error("HDSL001", "Class is not partial", Declaration);

    public static readonly DiagnosticDescriptor NotAModel = Error("HDSL002", "Model does not derive from Model", Declaration);

    public static readonly DiagnosticDescriptor DuplicateEntry = Error("HDSL003", "Two entry points have one name", Declaration);

    public static readonly DiagnosticDescriptor MissingShape = Error("HDSL004", "Input has no shape", Declaration);

    public static readonly DiagnosticDescriptor MissingClasses = Error("HDSL005", "Label has no number of classes", Declaration);

    public static readonly DiagnosticDescriptor NoEntry = Error("HDSL006", "Model has no entry point", Declaration);

    public static readonly DiagnosticDescriptor GenericModel = Error("HDSL007", "Model is generic", Declaration);

    public static readonly DiagnosticDescriptor UnsafeNotAllowed =
        Error("HDSL008", "Project does not allow unsafe blocks", Declaration);

    public static readonly DiagnosticDescriptor UnreachableWeight =
        Error("HDSL009", "Weight is not reached through the fields of the model", Declaration);

    public static readonly DiagnosticDescriptor BadEntry = Error("HDSL010", "Entry point has a form that is not supported", Declaration);

    public static readonly DiagnosticDescriptor BadConstructor =
        Error("HDSL011", "Model cannot be constructed without arguments", Declaration);

    public static readonly DiagnosticDescriptor DuplicateWeight = Error("HDSL012", "Two weights have one name", Declaration);

    public static readonly DiagnosticDescriptor FileLocal = Error("HDSL013", "Class is local to its file", Declaration);

    public static readonly DiagnosticDescriptor BadSlice = Error("HDSL014", "Slice has no possible size", Declaration);

    public static readonly DiagnosticDescriptor Unsupported =
        Error("HDSL101", "C# construct is not part of the language", Language);

    public static readonly DiagnosticDescriptor NotConstant =
        Error("HDSL102", "Value is not known at compile time", Language);

    public static readonly DiagnosticDescriptor Refused = Error("HDSL103", "A network refuses its arguments", Language);

    public static readonly DiagnosticDescriptor EvaluationFailed = Error("HDSL104", "Evaluation at compile time fails", Language);

    public static readonly DiagnosticDescriptor TooMuch = Error("HDSL105", "Evaluation at compile time exceeds a bound", Language);

    public static readonly DiagnosticDescriptor NoBody = Error("HDSL106", "Source of a called member is not at hand", Language);

    public static readonly DiagnosticDescriptor ChangedState =
        Error("HDSL107", "Entry point changes an object that outlives it", Language);

    public static readonly DiagnosticDescriptor LibraryMismatch =
        Error("HDSL108", "Source of a library does not fit its references", Language);

    public static readonly DiagnosticDescriptor ShapeMismatch = Error("HDSL201", "Shapes do not fit", Shapes);

    public static readonly DiagnosticDescriptor LossNotScalar = Error("HDSL202", "Loss is not a scalar", Shapes);

    public static readonly DiagnosticDescriptor BadWeightShape = Error("HDSL203", "Shape of a weight is not valid", Shapes);

    public static readonly DiagnosticDescriptor NoGradient =
        Warning("HDSL301", "Weight never gets a gradient", Differentiation);

    public static readonly DiagnosticDescriptor NotUsedAsWeight =
        Warning("HDSL302", "Generated value is used as no weight", Differentiation);

    public static readonly DiagnosticDescriptor BadUpdate = Error("HDSL303", "Update of a trained weight", Differentiation);

    public static readonly DiagnosticDescriptor InternalFault = Error("HDSL901", "Fault inside the compiler", Internal);

    private static DiagnosticDescriptor Error(string id, string title, string category) =>
        Make(id, title, category, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string category) =>
        Make(id, title, category, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Make(string id, string title, string category, DiagnosticSeverity severity) =>
        new(id, title, "{0}", category, severity, isEnabledByDefault: true, helpLinkUri: "docs/diagnostics/" + id + ".md");
}
