using HyperDsl.Generator.Passes;

namespace HyperDsl.Generator;

/// <summary>What a machine prefers where the same values can be had in several ways.</summary>
/// <param name="RecomputedProducts">
/// A product of so few terms an element is computed where it is needed, at every step and again for the derivative; one of more is
/// taken out of the loop where it can be, and kept.
/// </param>
/// <param name="WorksInLoops">
/// Whether what is made of a loop's values is made inside the loop: small sums over steps, elementwise work that nothing else waits for.
/// </param>
/// <param name="ExpandedProducts">
/// A product of a weight with so few numbers of an example is elementwise work (<see cref="ExpandProducts"/>); 0 for none.
/// </param>
/// <param name="SharesOperands">Whether a pass reaches all parts of a buffer from one address (<see cref="Schedule.ShareOperands"/>).</param>
/// <param name="KeepsSums">Whether a sum of products is kept for the derivative in place of its terms (<see cref="Tape"/>).</param>
/// <param name="SharesRoom">
/// Whether a value takes the room of one that its pass reads last, where nothing else does (<see cref="Schedule.InPlace"/>).
/// </param>
/// <param name="AsksAhead">Whether a pass asks for far memory some rows before it reads or writes it (<see cref="Schedule.FarOperands"/>).</param>
/// <param name="JoinsPasses">
/// Whether a pass over flat values joins one that walks the same elements in rows (<see cref="Schedule.JoinReaders"/>), and states of a loop
/// are stored by the passes that read and make them (<see cref="Schedule.JoinStates"/>).
/// </param>
/// <param name="RestingSteps">
/// For how many steps room stays as it was after it was last read: what is fused reads after its own step or writes before it, which it may only
/// where nothing else took the room.
/// </param>
/// <param name="RoomForFactors">
/// By which part the room of temporary values may grow so that what gradients of weights are products of stays until the end of its phase: then all
/// these products can be one launch.
/// </param>
/// <param name="SliceExamples">How many examples a worker takes at a time; 0 where sizes decide (<see cref="Schedule.SliceSize"/>).</param>
internal sealed record MachineCosts(
    int RecomputedProducts, bool WorksInLoops, int ExpandedProducts, bool SharesOperands, bool KeepsSums, bool SharesRoom,
    bool AsksAhead, bool JoinsPasses, int RestingSteps = 0, double RoomForFactors = 0, int SliceExamples = 0)
{
    /// <summary>
    /// A product of 24 terms, such as the scaling of a row by an embedding, costs less than writing the element to memory and reading it
    /// back, and a sum of a slice stays in the cache.
    /// </summary>
    public static readonly MachineCosts Processor = new(
        24, WorksInLoops: true, ExpandedProducts: 4, SharesOperands: true, KeepsSums: true, SharesRoom: true, AsksAhead: true,
        JoinsPasses: true);

    /// <summary>
    /// What a step waits for on a GPU is the chain of its passes and products, each of which every thread has to finish before the next,
    /// not its traffic: 1,000 kept floats a step of 64 examples are 0.5 MB, a sixth of a microsecond at 3 TB/s, and a link of the chain takes
    /// longer. So only products of one term, which fuse, stay; sums over steps × examples behind the loop fill the whole device. Keeping sums and
    /// sharing room would save memory, but the loops of a HyperLSTM would no longer be one kernel each.
    /// </summary>
    public static readonly MachineCosts Gpu = new(
        1, WorksInLoops: false, ExpandedProducts: 0, SharesOperands: false, KeepsSums: false, SharesRoom: false, AsksAhead: false,
        JoinsPasses: false, RestingSteps: 2, RoomForFactors: 0.25);
}
