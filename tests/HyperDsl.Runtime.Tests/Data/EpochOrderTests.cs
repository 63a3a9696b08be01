using HyperDsl.Data;

namespace HyperDsl.Tests.Data;

public class EpochOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void An_order_holds_every_example_once(int count)
    {
        int[] order = Order(1, 0, count);
        Assert.Equal(Enumerable.Range(0, count), order.Order());
    }

    [Fact]
    public void An_order_is_a_function_of_seed_and_epoch()
    {
        Assert.Equal(Order(1, 5, 100), Order(1, 5, 100));
        Assert.NotEqual(Order(1, 5, 100), Order(1, 6, 100));
        Assert.NotEqual(Order(1, 5, 100), Order(2, 5, 100));
        Assert.NotEqual(Enumerable.Range(0, 100), Order(1, 5, 100));
    }

    [Fact]
    public void All_orders_of_four_are_equally_likely()
    {
        const int Epochs = 24000;
        var counts = new Dictionary<string, int>();
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            string order = string.Concat(Order(9, epoch, 4));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        double squares = counts.Values.Sum(count => Math.Pow(count - (Epochs / 24.0), 2) / (Epochs / 24.0));
        Assert.InRange(squares, 7.5, 49.8); // chi-squared with 23 degrees of freedom, about 0.001 on each side
    }

    private static int[] Order(ulong seed, long epoch, int count)
    {
        int[] order = new int[count];
        EpochOrder.Shuffle(seed, epoch, order);
        return order;
    }
}
