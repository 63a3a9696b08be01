namespace HyperDsl;

/// <content>Indexers, written with <c>Slice</c> and <c>Reshape</c>.</content>
public partial class Tensor
{
    /// <summary>One entry of the first axis, which vanishes from the shape; <c>^1</c> is the last.</summary>
    /// <exception cref="TensorShapeException">The tensor is a scalar, or the index lies outside.</exception>
    public Tensor this[Index index] => this[new AxisSelection(index)];

    /// <summary>A stretch of the first axis.</summary>
    /// <exception cref="TensorShapeException">The tensor is a scalar, or the range lies outside or is empty.</exception>
    public Tensor this[Range range] => this[new AxisSelection(range)];

    /// <summary>
    /// An index or a range an axis, from the first axis on: <c>x[0, ^1]</c>, <c>x[.., 3]</c>. Axes with an index vanish from the
    /// shape, axes that are not mentioned stay whole.
    /// </summary>
    /// <exception cref="TensorShapeException">More axes are mentioned than there are, or one lies outside.</exception>
    public Tensor this[params AxisSelection[] selections]
    {
        get
        {
            if (selections.Length > Rank)
            {
                throw new TensorShapeException(
                    $"An index with {selections.Length} places was given for a value with {Rank} axes. Give at most one place an axis.");
            }
            Tensor result = this;
            int[] kept = new int[Rank];
            int rank = 0;
            for (int axis = 0; axis < Rank; axis++)
            {
                int size = Shape[axis];
                if (axis < selections.Length)
                {
                    AxisSelection selection = selections[axis];
                    int start = selection.Start.GetOffset(size);
                    int length = selection.IsIndex ? 1 : selection.End.GetOffset(size) - start;
                    result = TensorMath.Slice(result, axis, start, length);
                    if (selection.IsIndex)
                    {
                        continue;
                    }
                    size = length;
                }
                kept[rank] = size;
                rank++;
            }
            int[] shape = new int[rank];
            for (int axis = 0; axis < rank; axis++)
            {
                shape[axis] = kept[axis];
            }
            return TensorMath.Reshape(result, shape);
        }
    }
}
