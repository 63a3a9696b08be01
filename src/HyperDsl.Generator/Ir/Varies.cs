namespace HyperDsl.Generator.Ir;

/// <summary>What a value varies with beyond the parameters. The one fact that decides where a value is computed.</summary>
[Flags]
internal enum Varies
{
    /// <summary>With nothing but the parameters: computed once per optimiser step, whatever the batch.</summary>
    Nothing = 0,

    /// <summary>Each example of the batch has its own.</summary>
    Example = 1,

    /// <summary>Each step of a scan has its own.</summary>
    Time = 2,
}

/// <summary>What an element is.</summary>
internal enum ElementKind
{
    /// <summary>A floating-point number, of whichever width the code is emitted for.</summary>
    Real,

    /// <summary>A 32-bit integer: a class or a symbol.</summary>
    Index,
}
