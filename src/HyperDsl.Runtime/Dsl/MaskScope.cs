namespace HyperDsl;

/// <summary>For how long a random mask that is drawn in a cell's <c>Step</c>, or of a value that varies with time, stays the same.</summary>
[HyperLibrary]
public enum MaskScope
{
    /// <summary>Each step of time has its own (Semeniuta et al. 2016; the code of Ha et al. 2016).</summary>
    Step,

    /// <summary>All steps of a sequence share one (Gal and Ghahramani 2016).</summary>
    Sequence,
}
