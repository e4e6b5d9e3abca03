namespace NeuroDb.Gpu;

/// <summary>A rotation in place that waits for its registers.</summary>
internal readonly unsafe ref struct RotationAction(
    RandomRotation rotation, Span<float> vector, bool isInverse) : IFloatAction
{
    private readonly Span<float> _vector = vector;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* start = _vector)
        {
            for (int i = 0; i < RandomRotation.Rounds; i++)
            {
                if (isInverse)
                {
                    Unturn<TLanes, TVector>(start, RandomRotation.Rounds - 1 - i);
                }
                else
                {
                    Turn<TLanes, TVector>(start, i);
                }
            }
        }
    }

    private void Turn<TLanes, TVector>(float* vector, int round)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* signs = rotation.Signs(round))
        {
            HadamardLoop<TLanes, TVector>.Multiply(vector, signs, _vector.Length);
        }

        HadamardLoop<TLanes, TVector>.Transform(
            vector + rotation.WindowStart(round), rotation.WindowLength);
        Mix<TLanes, TVector>(vector);
    }

    /// <summary>The steps of a round backwards: each is its own inverse.</summary>
    private void Unturn<TLanes, TVector>(float* vector, int round)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        Mix<TLanes, TVector>(vector);
        HadamardLoop<TLanes, TVector>.Transform(
            vector + rotation.WindowStart(round), rotation.WindowLength);
        fixed (float* signs = rotation.Signs(round))
        {
            HadamardLoop<TLanes, TVector>.Multiply(vector, signs, _vector.Length);
        }
    }

    private void Mix<TLanes, TVector>(float* vector)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (rotation.WindowLength < _vector.Length)
        {
            HadamardLoop<TLanes, TVector>.Mix(vector, _vector.Length / 2);
        }
    }
}
