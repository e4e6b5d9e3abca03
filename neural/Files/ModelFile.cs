using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace NeuroDb.Neural;

/// <summary>
/// The stored form of a model: a header with a checksum that says everything but the numbers, and
/// the numbers of each tensor, known by their SHA-256. A file is the header and then the tensors
/// in their order; a store may keep them apart and equal tensors once.
/// </summary>
/// <remarks>
/// Header: magic "NSMODEL1", length of the body (8 bytes), body, CRC32C of all before it. Numbers
/// are little-endian.
/// </remarks>
internal static class ModelFile
{
    private const int MagicLength = 8;
    private const int PrefixLength = 16;
    private const int HeaderLengthMax = 1 << 28;
    private const int TensorsMax = 1 << 16;
    private const int TensorLengthMax = 1 << 29;

    private static ReadOnlySpan<byte> Magic => "NSMODEL1"u8;

    /// <summary>The header and all tensors in one piece.</summary>
    public static byte[] Write(ModelPackage package)
    {
        using var stream = new MemoryStream();
        stream.Write(WriteHeader(package));
        foreach (Tensor tensor in package.Model.Tensors)
        {
            stream.Write(BytesOf(tensor));
        }

        return stream.ToArray();
    }

    /// <summary>The header alone.</summary>
    public static byte[] WriteHeader(ModelPackage package)
    {
        Model model = package.Model;
        var body = new ByteWriter();
        body.Text(model.Kind);
        body.Text(model.Architecture);
        body.Number((int)model.Task);
        body.Number(model.FeatureCount);
        NetworkModel? network = model switch
        {
            QuantizedNetworkModel quantized => quantized.Restored,
            EncoderModel encoder => encoder.Whole,
            _ => model as NetworkModel,
        };
        TensorShape input = network?.Network.Input ?? TensorShape.Flat(model.FeatureCount);
        body.Number(input.Height);
        body.Number(input.Width);
        body.Number(input.Channels);
        body.Number((int)(network?.Loss ?? 0));
        body.Number(package.Labels.Count);
        foreach (string label in package.Labels)
        {
            body.Text(label);
        }

        body.Number(package.Facts.Count);
        foreach ((string name, string value) in
            package.Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal))
        {
            body.Text(name);
            body.Text(value);
        }

        body.Number(package.Pipeline == null ? 0 : 1);
        package.Pipeline?.Write(body);
        body.Number(model.Tensors.Count);
        foreach (Tensor tensor in model.Tensors)
        {
            body.Text(tensor.Name);
            body.Number(tensor.Shape.Count);
            foreach (int size in tensor.Shape)
            {
                body.Number(size);
            }

            body.Bytes(SHA256.HashData(BytesOf(tensor)));
        }

        byte[] content = body.ToArray();
        var header = new ByteWriter();
        header.Bytes(Magic);
        header.Number(content.Length);
        header.Bytes(content);
        byte[] bytes = header.ToArray();
        var checksum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Compute(bytes));
        return [.. bytes, .. checksum];
    }

    /// <summary>The bytes of a tensor, as its hash is taken of.</summary>
    public static ReadOnlySpan<byte> BytesOf(Tensor tensor)
    {
        Invariant.Check(BitConverter.IsLittleEndian);
        return MemoryMarshal.AsBytes(tensor.Data.Span);
    }

    /// <summary>The model of a file.</summary>
    public static ModelPackage Read(ReadOnlyMemory<byte> file)
    {
        int at = HeaderLengthOf(file.Span);
        return Read(file.Span[..at], entry =>
        {
            if (entry.SizeBytes > file.Length - at)
            {
                throw NeuralErrors.MalformedModel(
                    $"{entry.Name} has {entry.SizeBytes} bytes, but {file.Length - at} are left");
            }

            ReadOnlyMemory<byte> bytes = file.Slice(at, (int)entry.SizeBytes);
            at += bytes.Length;
            return bytes;
        });
    }

    /// <summary>The model of a header, whose tensors come from a store.</summary>
    public static ModelPackage Read(
        ReadOnlySpan<byte> header, Func<TensorEntry, ReadOnlyMemory<byte>> tensorOf)
    {
        ModelHeader parsed = ReadHeader(header);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (TensorEntry entry in parsed.Tensors)
        {
            tensors[entry.Name] = Check(entry, tensorOf(entry));
        }

        return new ModelPackage(
            Restore(parsed, tensors), parsed.Pipeline, parsed.Labels, parsed.Facts);
    }

    /// <summary>What a header says, without any tensor.</summary>
    public static ModelHeader ReadHeader(ReadOnlySpan<byte> header)
    {
        ByteReader reader = Open(header);
        string kind = reader.Text();
        string architecture = reader.Text();
        var task = reader.Choice<ModelTask>();
        int features = reader.Count(1 << 26);
        var input = new TensorShape(
            reader.Count(1 << 14), reader.Count(1 << 20), reader.Count(1 << 26));
        var loss = reader.Choice<LossKind>();
        var labels = new List<string>();
        for (int left = reader.Count(1 << 20); left > 0; left--)
        {
            labels.Add(reader.Text());
        }

        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int left = reader.Count(1 << 16); left > 0; left--)
        {
            facts[reader.Text()] = reader.Text();
        }

        FeaturePipeline? pipeline = reader.Count(1) == 1
            ? FeaturePipeline.Read(ref reader) : null;
        return new ModelHeader(
            kind,
            architecture,
            task,
            features,
            input,
            loss,
            labels,
            facts,
            pipeline,
            ReadEntries(ref reader));
    }

    /// <summary>The length of the header at the start of a file.</summary>
    public static int HeaderLengthOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < PrefixLength + 4 || !file[..MagicLength].SequenceEqual(Magic))
        {
            throw NeuralErrors.MalformedModel("it does not begin as a model does");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(file[MagicLength..]);
        return length >= 0 && length <= HeaderLengthMax && PrefixLength + length + 4 <= file.Length
            ? (int)(PrefixLength + length + 4)
            : throw NeuralErrors.MalformedModel($"a header of {length} bytes does not fit");
    }

    private static ByteReader Open(ReadOnlySpan<byte> header)
    {
        int length = HeaderLengthOf(header);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(header[(length - 4)..]);
        return checksum == Crc32C.Compute(header[..(length - 4)])
            ? new ByteReader(header[PrefixLength..(length - 4)])
            : throw NeuralErrors.MalformedModel("the checksum of the header does not match");
    }

    private static List<TensorEntry> ReadEntries(ref ByteReader reader)
    {
        var entries = new List<TensorEntry>();
        for (int left = reader.Count(TensorsMax); left > 0; left--)
        {
            string name = reader.Text();
            var shape = new int[reader.Count(8)];
            long length = 1;
            for (int i = 0; i < shape.Length; i++)
            {
                shape[i] = reader.Count(TensorLengthMax);
                length *= shape[i];
                if (length > TensorLengthMax)
                {
                    throw NeuralErrors.MalformedModel($"{name} is too large");
                }
            }

            entries.Add(new TensorEntry(
                name, shape, Convert.ToHexStringLower(reader.Bytes(SHA256.HashSizeInBytes))));
        }

        return entries;
    }

    private static Tensor Check(TensorEntry entry, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length != entry.SizeBytes
            || Convert.ToHexStringLower(SHA256.HashData(bytes.Span)) != entry.Sha256)
        {
            throw NeuralErrors.MalformedModel($"the numbers of {entry.Name} are not those stored");
        }

        Memory<float> data = Gpu.AlignedMemory.Allocate<float>(bytes.Length / 4);
        bytes.Span.CopyTo(MemoryMarshal.AsBytes(data.Span));
        return new Tensor(entry.Name, entry.Shape, data);
    }

    private static Model Restore(ModelHeader header, Dictionary<string, Tensor> tensors)
    {
        try
        {
            return header.Kind switch
            {
                "network" => RestoreNetwork(header, header.Architecture, tensors),
                EncoderModel.EncoderKind => RestoreEncoder(header, tensors),
                QuantizedNetworkModel.Int8Kind =>
                    RestoreQuantized(header, StoredPrecision.Int8, tensors),
                QuantizedNetworkModel.HalfKind =>
                    RestoreQuantized(header, StoredPrecision.Half, tensors),
                ExternalModel.ExternalKind => ExternalModel.FromTensors(
                    header.Architecture, header.Task, header.FeatureCount, tensors),
                OnnxRuntimeModel.FileKind => OnnxRuntimeModel.FromTensors(header.Task, tensors),
                BagModel.BagKind => BagModel.FromTensors(
                    header.Architecture, header.FeatureCount, tensors),
                EnsembleModel.EnsembleKind => EnsembleModel.FromTensors(header, tensors, Restore),
                TwoTowerModel.TowerKind => TwoTowerModel.FromTensors(tensors),
                NodeModel.NodeKind => NodeModel.FromTensors(header.Architecture, tensors),
                TaggerModel.TaggerKind => TaggerModel.FromTensors(header.Architecture, tensors),
                PartModel.PartKind => PartModel.FromTensors(header, tensors, Restore),
                GroupModel.GroupKind => GroupModel.FromTensors(header, tensors, Restore),
                "centers" => RestoreCenters(header.FeatureCount, tensors["centers"]),
                "trees" => TreeModel.FromTensors(
                    header.Architecture, header.Task, header.FeatureCount, tensors),
                _ => throw NeuralErrors.MalformedModel($"{header.Kind} is no kind of model"),
            };
        }
        catch (KeyNotFoundException error)
        {
            throw NeuralErrors.MalformedModel(error.Message);
        }
    }

    private static QuantizedNetworkModel RestoreQuantized(
        ModelHeader header, StoredPrecision precision, Dictionary<string, Tensor> tensors) =>
        QuantizedNetworkModel.FromTensors(
            NetworkBuilder.Build(header.Input, header.Architecture),
            header.Loss,
            header.Task,
            precision,
            tensors);

    private static CenterModel RestoreCenters(int features, Tensor centers) =>
        features > 0 && centers.Data.Length > 0 && centers.Data.Length % features == 0
            ? new CenterModel(centers.Data, features)
            : throw NeuralErrors.MalformedModel("the centers do not fit the features");

    private static EncoderModel RestoreEncoder(
        ModelHeader header, Dictionary<string, Tensor> tensors)
    {
        (string encoder, string rest) = EncoderModel.Split(header.Architecture);
        NetworkModel whole = RestoreNetwork(header, $"{encoder}, {rest}", tensors);
        return new EncoderModel(header.Input, encoder, rest, whole.Weights, header.Loss);
    }

    private static NetworkModel RestoreNetwork(
        ModelHeader header, string architecture, Dictionary<string, Tensor> tensors)
    {
        Network network = NetworkBuilder.Build(header.Input, architecture);
        if (network.ParameterCount != tensors.Values.Sum(tensor => (long)tensor.Data.Length))
        {
            throw NeuralErrors.MalformedModel("the tensors do not fit the layers");
        }

        Memory<float> weights = Gpu.AlignedMemory.Allocate<float>(network.ParameterLength);
        foreach (Tensor tensor in network.TensorsOf(weights))
        {
            Tensor stored = tensors[tensor.Name];
            if (!stored.Shape.SequenceEqual(tensor.Shape))
            {
                throw NeuralErrors.MalformedModel($"{tensor.Name} has another shape");
            }

            stored.Data.CopyTo(tensor.Data);
        }

        return new NetworkModel(network, weights, header.Loss, header.Task);
    }
}
