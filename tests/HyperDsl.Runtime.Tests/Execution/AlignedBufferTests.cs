using Xunit;

namespace HyperDsl.Execution;

public unsafe class AlignedBufferTests
{
    [Theory]
    [InlineData(0, 64)]
    [InlineData(17, 64)]
    [InlineData((4 << 20) + 3, 64)]
    public void MemoryIsAlignedAndZero(long length, int alignment)
    {
        using var buffer = new AlignedBuffer<float>(length);
        Assert.Equal(0, (nint)buffer.Pointer % alignment);
        Assert.Equal(-1, buffer.Span.IndexOfAnyExcept(0f));
        buffer.Span.Fill(1);
    }

    /// <summary>Only Linux is asked for large pages.</summary>
    [Fact]
    public void LargeBuffersBeginWithALargePage()
    {
        var alignment = LargePages.AlignmentOf(4 << 20);
        Assert.Equal(OperatingSystem.IsLinux() ? LargePages.Size : 0, alignment);
        Assert.Equal((nuint)0, LargePages.AlignmentOf((4 << 20) - 1));
        using var buffer = new AlignedBuffer<float>(1 << 20);
        Assert.Equal(0, (nint)buffer.Pointer % (nint)Math.Max(alignment, 64));
    }

    [Fact]
    public void ANegativeLengthIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer<float>(-1));
}
