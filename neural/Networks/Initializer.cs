using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>Gives a network its first weights from a seed.</summary>
internal static class Initializer
{
    /// <summary>
    /// The parameters of a network, of its <see cref="Network.ParameterLength"/>.
    /// </summary>
    public static Memory<float> Create(Network network, ulong seed, InitialValue kind)
    {
        Memory<float> weights = AlignedMemory.Allocate<float>(network.ParameterLength);
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            NetworkNode node = network.Nodes[i];
            int offset = node.Offset;
            for (int j = 0; j < node.Layer.Parameters.Count; j++)
            {
                ParameterSpec parameter = node.Layer.Parameters[j];
                Span<float> target = weights.Span.Slice(offset, parameter.Length);
                var random = new SeededRandomSource(
                    Hash64.Combine(Hash64.Mix(seed), (ulong)((i * 16) + j)));
                Fill(target, parameter, KindOf(kind, network, i), random);
                offset += parameter.Length;
            }
        }

        return weights;
    }

    /// <summary>A number in [0, 1).</summary>
    public static double Uniform(IRandomSource random) =>
        (random.NextUInt64() >> 11) * (1.0 / (1UL << 53));

    private static void Fill(
        Span<float> target, ParameterSpec parameter, InitialValue kind, IRandomSource random)
    {
        if (parameter.Role is ParameterRole.Gain or ParameterRole.RunningVariance)
        {
            target.Fill(1);
        }
        else if (parameter.Role == ParameterRole.Weights)
        {
            double limit = Math.Sqrt(6.0 / (parameter.FanIn + parameter.FanOut));
            double deviation = Math.Sqrt(2.0 / parameter.FanIn);
            foreach (ref float weight in target)
            {
                weight = (float)(kind == InitialValue.He
                    ? deviation * Normal(random) : limit * ((2 * Uniform(random)) - 1));
            }
        }
    }

    /// <summary>Box and Muller's transform, of which one of the two numbers is used.</summary>
    private static double Normal(IRandomSource random) =>
        Math.Sqrt(-2 * Math.Log(1 - Uniform(random)))
        * Math.Cos(2 * Math.PI * Uniform(random));

    private static InitialValue KindOf(InitialValue kind, Network network, int node)
    {
        if (kind != InitialValue.Auto)
        {
            return kind;
        }

        bool isRectified = network.Nodes[node].Layer switch
        {
            DenseLayer dense => dense.IsRectified,
            ConvolutionLayer convolution => convolution.IsRectified,
            _ => false,
        };
        return isRectified ? InitialValue.He : InitialValue.Glorot;
    }
}
