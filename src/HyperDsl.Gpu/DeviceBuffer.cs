using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu;

/// <summary>Memory on a device that grows to the largest size asked for; what it held is lost then.</summary>
internal sealed class DeviceBuffer<T>(GpuDevice device) : IDisposable
    where T : unmanaged
{
    private MemoryBuffer1D<T, Stride1D.Dense>? buffer;

    /// <summary>Bytes taken.</summary>
    public long Bytes => buffer?.LengthInBytes ?? 0;

    /// <summary>All elements.</summary>
    public ArrayView<T> All => buffer!.View.BaseView;

    /// <summary>The first elements.</summary>
    /// <exception cref="OutOfMemoryException">The device has not enough memory.</exception>
    public ArrayView<T> Of(long length)
    {
        if (buffer is null || buffer.Length < length)
        {
            if (buffer is not null)
            {
                // Kernels that still run may use the old memory.
                device.Synchronize();
                device.Release(buffer);
                buffer = null;
            }

            buffer = device.Allocate<T>(Math.Max(length, 1));
        }

        return buffer.View.BaseView.SubView(0, length);
    }

    public void Dispose()
    {
        if (buffer is not null)
        {
            device.Release(buffer);
            buffer = null;
        }
    }
}
