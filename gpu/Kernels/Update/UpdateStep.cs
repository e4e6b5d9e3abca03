using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The numbers of one step of an optimizer.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UpdateStep
{
    /// <summary>The rule.</summary>
    public UpdateRule Rule;

    /// <summary>The learning rate of this step.</summary>
    public float Rate;

    /// <summary>The decay of the first moment, or the momentum.</summary>
    public float FirstDecay;

    /// <summary>The decay of the second moment.</summary>
    public float SecondDecay;

    /// <summary>What keeps the divisor away from zero.</summary>
    public float Epsilon;

    /// <summary>
    /// Added to the gradient times the weight; with AdamW the weight shrinks by rate times this.
    /// </summary>
    public float WeightDecay;

    /// <summary>1 - FirstDecay^t, or 1 where the rule has no correction.</summary>
    public float FirstCorrection;

    /// <summary>sqrt(1 - SecondDecay^t), or 1.</summary>
    public float SecondCorrection;
}
