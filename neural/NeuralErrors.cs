namespace NeuroDb.Neural;

/// <summary>The errors of models, and names that are near to a wrong one.</summary>
internal static class NeuralErrors
{
    private const int DistanceMax = 3;

    /// <summary>A network or an option that cannot be.</summary>
    public static NeuroStoreException InvalidModel(string message) =>
        new(ErrorCode.InvalidModel, message);

    /// <summary>Examples that nothing can be learned from.</summary>
    public static NeuroStoreException UntrainableData(string message) =>
        new(ErrorCode.UntrainableData, message);

    /// <summary>A loss that left the numbers.</summary>
    public static NeuroStoreException TrainingDiverged(string message) =>
        new(ErrorCode.TrainingDiverged, message);

    /// <summary>Bytes that are not an image.</summary>
    public static NeuroStoreException MalformedImage(string detail) => new(
        ErrorCode.MalformedImage,
        $"The image cannot be read: {detail}. Known are PNG, BMP, PNM and JPEG.");

    /// <summary>Bytes that are no sound.</summary>
    public static NeuroStoreException MalformedAudio(string detail) => new(
        ErrorCode.MalformedAudio,
        $"The sound cannot be read: {detail}. Known are WAV, FLAC and OGG.");

    /// <summary>Bytes that are not a model, or not a whole one.</summary>
    public static NeuroStoreException MalformedModel(string detail) => new(
        ErrorCode.MalformedModel,
        $"The model cannot be read: {detail}. Use a version that is whole, or train again.");

    /// <summary>Bytes that are not ONNX, or not to be trusted.</summary>
    public static NeuroStoreException MalformedOnnx(string detail) => new(
        ErrorCode.MalformedModel,
        $"The ONNX file cannot be read: {detail}. Export it again with all weights inside.");

    /// <summary>What ONNX can say and our layers cannot, or the other way round.</summary>
    public static NeuroStoreException UnsupportedOnnx(string detail) =>
        new(ErrorCode.NotSupported, detail);

    /// <summary>What ONNX Runtime says of a network that it does not load or run.</summary>
    public static NeuroStoreException OnnxRuntimeFailed(string detail) => new(
        ErrorCode.MalformedModel,
        $"ONNX Runtime cannot run the network: {detail.TrimEnd('.')}. Check it with the program "
        + "that wrote it.");

    /// <summary>A name that nobody knows, with those that are near it.</summary>
    public static NeuroStoreException UnknownName(
        string kind, string name, IEnumerable<string> known)
    {
        string[] all = [.. known];
        string[] near =
        [
            .. all.Where(other => Distance(name, other) <= DistanceMax)
                .OrderBy(other => Distance(name, other)),
        ];
        string hint = near.Length > 0
            ? $"Did you mean {string.Join(" or ", near.Take(3))}?"
            : $"Known are {string.Join(", ", all)}.";
        return InvalidModel($"There is no {kind} of the name {name}. {hint}");
    }

    /// <summary>Changes of single characters that make one name the other.</summary>
    internal static int Distance(string first, string second)
    {
        int[] row = [.. Enumerable.Range(0, second.Length + 1)];
        for (int i = 1; i <= first.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int change = diagonal + (first[i - 1] == second[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
