using ILGPU;
using ILGPU.Algorithms;

namespace NeuroDb.Gpu;

/// <summary><see cref="WeightUpdate"/>, device form: a thread takes one weight.</summary>
internal static class UpdateKernel
{
    /// <summary>One step; explicitly grouped. Moments without use may be of length 1.</summary>
    public static void Run(
        ArrayView<float> weights,
        ArrayView<float> gradients,
        ArrayView<float> first,
        ArrayView<float> second,
        UpdateStep step)
    {
        bool hasFirst = step.Rule is UpdateRule.Momentum or UpdateRule.Adam or UpdateRule.AdamW;
        bool hasSecond = step.Rule is not (UpdateRule.GradientDescent or UpdateRule.Momentum);
        for (long i = DeviceGrid.First; i < weights.Length; i += DeviceGrid.Step)
        {
            float weight = weights[i];
            float gradient = gradients[i];
            if (step.Rule == UpdateRule.AdamW)
            {
                weight *= 1 - (step.Rate * step.WeightDecay);
            }
            else
            {
                gradient += step.WeightDecay * weight;
            }

            float share = step.Rule == UpdateRule.Momentum ? 1 : 1 - step.FirstDecay;
            float m = gradient;
            if (hasFirst)
            {
                m = (step.FirstDecay * first[i]) + (share * gradient);
                first[i] = m;
            }

            float divisor = 1;
            if (hasSecond)
            {
                bool isSum = step.Rule == UpdateRule.AdaGrad;
                float v = ((isSum ? 1 : step.SecondDecay) * second[i])
                    + ((isSum ? 1 : 1 - step.SecondDecay) * gradient * gradient);
                second[i] = v;
                bool isAdam = step.Rule is UpdateRule.Adam or UpdateRule.AdamW;
                divisor = (XMath.Sqrt(v) / (isAdam ? step.SecondCorrection : 1)) + step.Epsilon;
                m /= isAdam ? step.FirstCorrection : 1;
            }

            weights[i] = weight - (step.Rate * m / divisor);
        }
    }
}
