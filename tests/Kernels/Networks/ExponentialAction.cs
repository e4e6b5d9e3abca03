using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Powers of e in place; the length is a multiple of the widest register.</summary>
internal readonly unsafe ref struct ExponentialAction(Span<float> numbers) : IFloatAction
{
    private readonly Span<float> _numbers = numbers;

    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* first = _numbers)
        {
            for (int i = 0; i < _numbers.Length; i += TLanes.Count)
            {
                TLanes.Store(TLanes.Exp(TLanes.Load(first + i)), first + i);
            }
        }
    }
}
