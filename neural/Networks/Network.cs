using System.Security.Cryptography;

namespace NeuroDb.Neural;

/// <summary>
/// Layers in an order in which each comes after those it reads. Immutable; the numbers of all
/// parameters stand in one array that callers keep, each node beginning at a cache line with zeros
/// before it.
/// </summary>
internal sealed class Network
{
    private const int LineFloats = 16;

    /// <summary>A network of nodes; the last one gives the output.</summary>
    public Network(TensorShape input, string text, IReadOnlyList<(Layer, int, int)> layers)
    {
        Input = input;
        Text = text;
        var nodes = new List<NetworkNode>();
        int offset = 0;
        foreach ((Layer layer, int first, int second) in layers)
        {
            var node = new NetworkNode(layer, first, second, offset);
            nodes.Add(node);
            offset += (node.Length + LineFloats - 1) / LineFloats * LineFloats;
        }

        Nodes = nodes;
        ParameterLength = offset;
        ParameterCount = nodes.Sum(node => (long)node.Length);
    }

    /// <summary>The shape of an example.</summary>
    public TensorShape Input { get; }

    /// <summary>The shape of what comes out.</summary>
    public TensorShape Output => Nodes.Count == 0 ? Input : Nodes[^1].Layer.Output;

    /// <summary>The list of layers that builds the network again.</summary>
    public string Text { get; }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<NetworkNode> Nodes { get; }

    /// <summary>Numbers of the array of parameters, gaps included.</summary>
    public int ParameterLength { get; }

    /// <summary>Numbers of the parameters.</summary>
    public long ParameterCount { get; }

    /// <summary>Floating-point operations for one example.</summary>
    public long FlopPerRow => 2 * Nodes.Sum(node => node.Layer.MultiplyAdds);

    /// <summary>The parameters as named parts of an array.</summary>
    public IReadOnlyList<Tensor> TensorsOf(Memory<float> weights)
    {
        Invariant.Check(weights.Length == ParameterLength);
        var tensors = new List<Tensor>();
        for (int i = 0; i < Nodes.Count; i++)
        {
            string layer = Nodes[i].Layer.Text.Split('(')[0];
            int offset = Nodes[i].Offset;
            foreach (ParameterSpec parameter in Nodes[i].Layer.Parameters)
            {
                tensors.Add(new Tensor(
                    $"{i}.{layer}.{parameter.Name}",
                    parameter.Shape,
                    weights.Slice(offset, parameter.Length)));
                offset += parameter.Length;
            }
        }

        return tensors;
    }

    /// <summary>The SHA-256 of all parameters in their order, as hexadecimal digits.</summary>
    public string HashOf(Memory<float> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Tensor tensor in TensorsOf(weights))
        {
            hash.AppendData(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.Data.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
