using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>Which products of matrices that do not vary with the example are launched together, in which order.</summary>
public sealed class ProductOrderTests
{
    private const int Side = 20;
    private const int Size = Side * Side;

    private enum Value
    {
        Weight,
        First,
        Second,
        Third,
        Fourth,
        OverFirst,
        Row,
    }

    private static readonly StoredValue[] Storages =
    [
        new(Place.Parameter, 0, Size, Shape.Of(Side, Side), "weight", false), Shared("first", 0), Shared("second", Size), Shared("third", 2 * Size),
        Shared("fourth", 3 * Size), Shared("overFirst", Size / 2), SmallLaunches.Scratch("row", 0, Side),
    ];

    [Fact]
    public void Independent_products_are_one_launch() => Assert.Equal(
        ["first = weight · weight\nsecond = weight · weight"],
        Run([Product(Value.Weight, Value.First), Product(Value.Weight, Value.Second)]));

    [Fact]
    public void Of_chains_the_first_ones_meet_and_the_second_ones() => Assert.Equal(
        ["first = weight · weight\nthird = weight · weight", "second = first · first\nfourth = third · third"],
        Run([
            Product(Value.Weight, Value.First), Product(Value.First, Value.Second), Product(Value.Weight, Value.Third),
            Product(Value.Third, Value.Fourth),
        ]));

    [Fact]
    public void A_product_waits_for_what_it_reads() => Assert.Equal(
        ["first = weight · weight", "second = first · first"],
        Run([Product(Value.Weight, Value.First), Product(Value.First, Value.Second)]));

    [Fact]
    public void A_product_stays_behind_those_whose_factors_or_results_it_overwrites()
    {
        Assert.Equal(
            ["first = weight · weight", "overFirst = weight · weight"],
            Run([Product(Value.Weight, Value.First), Product(Value.Weight, Value.OverFirst)]));
        Assert.Equal(
            ["third = first · first", "overFirst = weight · weight"],
            Run([Product(Value.First, Value.Third), Product(Value.Weight, Value.OverFirst)]));
    }

    [Fact]
    public void A_product_moves_past_what_it_does_not_touch_and_not_past_what_it_does()
    {
        DeviceStep[] steps = [Product(Value.Weight, Value.First), new SmallLaunches(Storages).Fill((int)Value.Third)];
        Assert.Equal(
            ["first = weight · weight\nsecond = weight · weight", "fill third"], Run([.. steps, Product(Value.Weight, Value.Second)]));
        Assert.Equal(
            ["first = weight · weight", "fill third", "second = third · third"], Run([.. steps, Product(Value.Third, Value.Second)]));
    }

    [Fact]
    public void Phases_are_apart() => Assert.Equal(
        ["first = weight · weight", "second = weight · weight"],
        Join(Storages, [[Product(Value.Weight, Value.First)], [Product(Value.Weight, Value.Second)]]).Select(launch => launch.Comment));

    [Fact]
    public void Only_launches_of_known_size_that_add_nothing_up_are_joined()
    {
        Launch first = Product(Value.Weight, Value.First);
        Launch second = Product(Value.Weight, Value.Second);
        Launch Sized(ProductAxis inner) => second with
        {
            Kernel = (ProductKernel)second.Kernel with { Inner = new EquatableArray<ProductAxis>(inner) },
        };
        Assert.Equal(2, Run([first, second with { Adds = true }]).Length);
        Assert.Equal(2, Run([first, second with { Rows = RowCount.Examples }]).Length);
        Assert.Equal(2, Run([first, Sized(ProductAxis.Open(1, Side, 0))]).Length);
        Assert.Single(Run([first, Sized(ProductAxis.Closed(Side, 1, Side, 0))]));
    }

    [Fact]
    public void Buffers_that_lie_elsewhere_at_each_launch_are_launched_alone() => Assert.Equal(
        ["first = weight · weight", "row = weight · weight"],
        Run([Product(Value.Weight, Value.First), Product(Value.Weight, Value.Row)]));

    [Theory]
    [InlineData(0, true)]
    [InlineData(16, true)]
    [InlineData(32, true)]
    [InlineData(64, false)]
    public void A_product_keeps_its_launch_where_others_would_make_its_tiles_far_smaller(int side, bool joins)
    {
        Launch second = Product(Value.Weight, Value.Second);
        second = second with
        {
            Kernel = (ProductKernel)second.Kernel with { Tile = side == 0 ? null : new ProductTile(side, side, side / 16, side / 16) },
        };
        Assert.Equal(joins ? 1 : 2, Run([Product(Value.Weight, Value.First), second]).Length);
    }

    [Fact]
    public void A_launch_has_no_more_buffers_than_arguments_have_room_for()
    {
        StoredValue[] storages = [Storages[0], .. Enumerable.Range(0, 250).Select(i => Shared("result" + i, i * Size))];
        Launch[] launches = Join(storages, [[.. Enumerable.Range(1, 250).Select(result => Product(storages, 0, result))]]);
        Assert.Equal([ProductsKernel.MostBuffers, 52], launches.Select(launch => launch.Operands.Count));
    }

    /// <summary>Alone, these products have tiles of eight rows and columns a thread; eight that differ fit a kernel only by tiles of four.</summary>
    [Fact]
    public void A_tile_is_small_enough_for_the_text_of_all_parts_but_no_smaller_than_a_quarter_of_their_own()
    {
        StoredValue[] storages = [Storages[0], .. Enumerable.Range(0, 9).Select(i => Shared("result" + i, i * Size))];
        Launch Large(int result, int inner)
        {
            Launch launch = Product(storages, 0, result, side: 2048);
            ProductKernel kernel = (ProductKernel)launch.Kernel;
            return launch with
            {
                Kernel = kernel with
                {
                    Tile = new ProductTile(128, 128, 8, 8), Inner = new EquatableArray<ProductAxis>(ProductAxis.Closed(inner, 1, 2048, 0)),
                },
            };
        }
        (int Members, int Rows)[] Joined(int count, int differing) => [.. Join(storages, [[.. Enumerable.Range(0, count).Select(i =>
            Large(1 + i, 16 + (4 * (i % differing))))]]).Select(launch => launch.Kernel is ProductsKernel products ? (products.Members.Count, products.Tile.Rows) : (1, 128))];
        Assert.Equal([(9, 128)], Joined(9, differing: 2));
        Assert.Equal([(3, 64)], Joined(3, differing: 3));
        Assert.Equal([(8, 64), (1, 128)], Joined(9, differing: 9));
    }

    [Fact]
    public void Sums_over_examples_are_factors_too()
    {
        StoredValue[] storages = [new(Place.LaneTotal, 0, Size, Shape.Of(Side, Side), "total", false), Shared("a", 0), Shared("b", Size)];
        ProductsKernel kernel = Assert.IsType<ProductsKernel>(Assert.Single(Join(storages, [[Product(storages, 0, 1), Product(storages, 0, 2)]])).Kernel);
        Assert.Equal([Place.Lane, Place.Shared, Place.Shared], kernel.Arenas);
    }

    [Fact]
    public void Equal_parts_stand_side_by_side_and_a_buffer_is_passed_once()
    {
        Launch other = Product(Value.Weight, Value.Second);
        other = other with
        {
            Kernel = (ProductKernel)other.Kernel with { Inner = new EquatableArray<ProductAxis>(ProductAxis.Closed(Side - 1, 1, Side, 0)) },
        };
        Launch launch = Assert.Single(Join(Storages, [[Product(Value.Weight, Value.First), other, Product(Value.Weight, Value.Third)]]));
        ProductsKernel kernel = Assert.IsType<ProductsKernel>(launch.Kernel);
        Assert.Equal([(int)Value.Weight, (int)Value.First, (int)Value.Third, (int)Value.Second], launch.Operands.Select(operand => operand.Storage));
        Assert.Equal([0, 0, 1, 0, 0, 2, 0, 0, 3], kernel.Members.SelectMany(member => member.Operands));
        Assert.Equal([4, 4, 4], kernel.Members.Select(member => member.Part.Blocks));
        Assert.Equal([Side, Side - 1], kernel.Parts.Select(part => part.Inner));
        Assert.Equal([true, false, false, false], Enumerable.Range(0, 4).Select(kernel.Reads));
        Assert.Equal([false, true, true, true], Enumerable.Range(0, 4).Select(kernel.Writes));
    }

    private static StoredValue Shared(string name, int offset) => new(Place.Shared, offset, Size, Shape.Of(Side, Side), name, false);

    private static Launch Product(Value factor, Value result) => Product(Storages, (int)factor, (int)result);

    /// <summary>A product of a square matrix by itself.</summary>
    private static Launch Product(StoredValue[] storages, int factor, int result, int side = Side)
    {
        EquatableArray<ProductAxis> Axis(int left, int right, int target) => new(ProductAxis.Closed(side, left, right, target));
        return new Launch(
            new ProductKernel(
                EquatableArray<ProductAxis>.Empty, Axis(side, 0, side), Axis(1, side, 0), Axis(0, 1, 1), new ProductTile(16, 16, 1, 1)),
            new EquatableArray<DeviceOperand>(new DeviceOperand(factor, 0), new DeviceOperand(factor, 0)), new DeviceOperand(result, 0),
            Size, false, RowCount.One, EquatableArray<int>.Empty, $"{storages[result].Name} = {storages[factor].Name} · {storages[factor].Name}");
    }

    private static string[] Run(DeviceStep[] steps) => [.. Join(Storages, [steps]).Select(launch => launch.Comment)];

    private static Launch[] Join(StoredValue[] storages, IEnumerable<DeviceStep[]> phases) =>
        [.. JoinProducts.Run(new SmallLaunches(storages).Program(phases)).Phases.SelectMany(phase => phase.Steps).Cast<Launch>()];
}
