using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>What another library may not see.</summary>
public sealed class OnnxCheckTests
{
    [Theory]
    [InlineData("Loop")]
    [InlineData("If")]
    [InlineData("Scan")]
    [InlineData("RandomNormal")]
    [InlineData("StringNormalizer")]
    [InlineData("SequenceConstruct")]
    [InlineData("Invented")]
    public void Operators_that_are_not_known_are_refused_by_name(string type)
    {
        ProtobufWriter graph = new ProtobufWriter()
            .Message(1, OnnxText.Node(type, ["x"], "y"));
        Refuse(OnnxText.File(graph), ErrorCode.NotSupported, type);
    }

    [Theory]
    [InlineData("com.microsoft", "FusedGemm")]
    [InlineData("ai.onnx.ml", "ZipMap")]
    [InlineData("ai.onnx.ml", "Relu")]
    [InlineData("ai.onnx", "Scaler")]
    public void Operators_of_other_domains_are_refused(string domain, string type)
    {
        ProtobufWriter graph = new ProtobufWriter()
            .Message(1, OnnxText.Node(type, ["x"], "y").Text(7, domain));
        Refuse(OnnxText.File(graph), ErrorCode.NotSupported, type);
    }

    [Fact]
    public void A_domain_that_is_only_asked_for_is_refused() => Refuse(
        OnnxText.File(new ProtobufWriter(), "com.example", 1),
        ErrorCode.NotSupported,
        "com.example");

    [Fact]
    public void Weights_in_other_files_are_refused_wherever_they_stand()
    {
        ProtobufWriter outside = OnnxText.Floats("w", [1], 1)
            .Message(13, new ProtobufWriter().Text(1, "location").Text(2, "/etc/passwd"));
        Refuse(
            OnnxText.File(new ProtobufWriter().Message(5, outside)),
            ErrorCode.NotSupported,
            "another file");
        ProtobufWriter inside = OnnxText.Node("Constant", [], "w").Message(
            5, new ProtobufWriter().Text(1, "value").Message(
                5, OnnxText.Floats("w", [1], 1).Number(14, 1)));
        Refuse(
            OnnxText.File(new ProtobufWriter().Message(1, inside)),
            ErrorCode.NotSupported,
            "another file");
    }

    [Fact]
    public void Graphs_in_operators_functions_and_sparse_weights_are_refused()
    {
        ProtobufWriter node = OnnxText.Node("Conv", ["x"], "y").Message(
            5, new ProtobufWriter().Text(1, "body").Message(6, new ProtobufWriter()));
        Refuse(
            OnnxText.File(new ProtobufWriter().Message(1, node)),
            ErrorCode.NotSupported,
            "graph inside");
        Refuse(
            OnnxText.File(new ProtobufWriter().Message(15, new ProtobufWriter())),
            ErrorCode.NotSupported,
            "sparse");
        Refuse(
            [.. OnnxText.File(new ProtobufWriter()),
                .. new ProtobufWriter().Message(25, new ProtobufWriter()).ToArray()],
            ErrorCode.NotSupported,
            "functions");
    }

    [Fact]
    public void A_constant_is_no_larger_than_its_bytes() => Refuse(
        OnnxText.File(new ProtobufWriter().Message(
            5, OnnxText.Floats("w", [1 << 20, 1 << 5], 1))),
        ErrorCode.MalformedModel,
        "impossible shape");

    [Theory]
    [InlineData("ConstantOfShape")]
    [InlineData("Expand")]
    [InlineData("Tile")]
    public void A_few_bytes_cannot_ask_for_much_memory(string type)
    {
        string[] inputs = type == "ConstantOfShape" ? ["size"] : ["x", "size"];
        ProtobufWriter graph = new ProtobufWriter()
            .Message(1, OnnxText.Node(type, inputs, "y"))
            .Message(5, OnnxText.Numbers("size", 1 << 20, 1 << 20));
        Refuse(OnnxText.File(graph), ErrorCode.ResourceLimit, type);
    }

    [Fact]
    public void Damaged_files_end_in_typed_errors()
    {
        byte[] file = TorchOnnx.Of("lstm").File;
        var random = new Random(11);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. file[..random.Next(file.Length / 2, file.Length + 1)]];
            for (int j = random.Next(4); j > 0; j--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Exception? error = Record.Exception(
                () => OnnxForm.Of(OnnxCheck.Read(damaged)));
            Assert.True(error is null or NeuroStoreException, error?.ToString());
        }
    }

    private static void Refuse(byte[] file, ErrorCode code, string word)
    {
        NeuroStoreException error =
            Assert.ThrowsAny<NeuroStoreException>(() => OnnxCheck.Read(file));
        Assert.Equal(code, error.Code);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }
}
