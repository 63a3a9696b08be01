using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Which values of a step are kept for its derivative. A value that is not kept is computed again from kept ones; that is cheaper than
/// writing it to memory and reading it back as long as it takes few operations.
/// </summary>
internal static class Tape
{
    /// <summary>
    /// Cycles that a vector may take to compute again. One that is written in the forward pass and read in the backward pass costs
    /// about as much where the tape has left the caches.
    /// </summary>
    private const double CyclesOfMemory = 8;

    /// <summary>What a product and its addition cost an element of a vector, in cycles: kernels run two vectors a cycle.</summary>
    private const double CyclesOfProduct = 0.5;

    /// <summary>The kept values of a scan's step, in order.</summary>
    public static IEnumerable<Node> Kept(Scan scan, MachineCosts costs)
    {
        Graph body = scan.Body;
        bool[] terms = costs.KeepsSums ? TermsOfSums(body, costs) : new bool[body.Nodes.Count];
        double[] again = new double[body.Nodes.Count];
        foreach (Node node in body.Nodes)
        {
            if (!node.VariesWithExample || node.Operation is Leaf)
            {
                continue;
            }
            double cycles = CyclesAgain(body, node, again);
            bool kept = !View.IsViewing(node.Operation) && node.Operation is not Detach
                && !terms[node.Id]
                && (DifferentiateScan.IsCostly(body, node, costs) || cycles > CyclesOfMemory || node.Inputs.Any(input => terms[input]));
            again[node.Id] = kept ? 0 : cycles;
            if (kept)
            {
                yield return node;
            }
        }
    }

    /// <summary>
    /// Products, and sums of them, that nothing but an addition reads: its derivative reads no term, so the sum is kept in their place.
    /// </summary>
    private static bool[] TermsOfSums(Graph body, MachineCosts costs)
    {
        bool[] isSum = new bool[body.Nodes.Count];
        int[] readers = new int[body.Nodes.Count];
        foreach (Node node in body.Nodes)
        {
            foreach (int input in node.Inputs)
            {
                readers[input]++;
            }
            isSum[node.Id] = DifferentiateScan.IsCostly(body, node, costs)
                || (node.Operation is Add && node.Inputs.All(input => isSum[input] && body[input].Shape == node.Shape));
        }
        foreach (Result result in body.Results)
        {
            readers[result.Node]++;
        }
        bool[] terms = new bool[body.Nodes.Count];
        foreach (Node sum in body.Nodes.Where(node => node.Operation is Add && isSum[node.Id]))
        {
            if (sum.Inputs.All(input => readers[input] == 1))
            {
                foreach (int input in sum.Inputs)
                {
                    terms[input] = true;
                }
            }
        }
        return terms;
    }

    /// <summary>Cycles of a vector of the node, with what it takes to compute its inputs again.</summary>
    private static double CyclesAgain(Graph body, Node node, double[] again)
    {
        double own = node.Operation switch
        {
            Elementwise elementwise => elementwise.Cycles,
            _ when View.IsViewing(node.Operation) => 0,
            Concat => 1,
            _ => CyclesOfProduct * body.CostOf(node) / node.Shape.Count,
        };
        return own + node.Inputs.Sum(input => again[input] * ElementsRead(node, body[input]) / node.Shape.Count);
    }

    /// <summary>How many elements of an input a node reads: a slice fewer than there are, a repetition each of them once.</summary>
    private static double ElementsRead(Node node, Node input) =>
        node.Operation is Slice ? node.Shape.Count : input.Shape.Count;
}
