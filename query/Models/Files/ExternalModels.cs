using System.Security.Cryptography;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Finds models that stay outside: files within the roots that statements may read, and functions
/// that the program gave. Nothing else is asked, no other machine either.
/// </summary>
internal sealed class ExternalModels(
    CopyFiles files, IReadOnlyDictionary<string, RowModel> functions, OnnxRuntime runtime)
{
    /// <summary>What a location of a file begins with.</summary>
    public const string OnnxScheme = "onnx:";

    /// <summary>What a location of a function begins with.</summary>
    public const string DelegateScheme = "delegate:";

    /// <summary>The way to a model.</summary>
    public ExternalCall Open(ExternalModel model) =>
        model.Location.StartsWith(OnnxScheme, StringComparison.Ordinal)
            ? OpenFile(model, model.Location[OnnxScheme.Length..])
            : OpenFunction(model, model.Location[DelegateScheme.Length..]);

    /// <summary>The function of a name; an error with those that there are.</summary>
    public RowModel FunctionOf(string name) =>
        functions.TryGetValue(name, out RowModel? function) ? function
        : throw new NeuroStoreException(
            ErrorCode.UnknownObject,
            $"The program registered no model '{name}'; give it in NeuroStoreOptions.Models when "
            + $"the database is opened.{NearMatch.Hint(name, functions.Keys)}");

    private ExternalCall OpenFile(ExternalModel model, string path)
    {
        byte[] file = files.ReadAll(path);
        if (!SHA256.HashData(file).AsSpan().SequenceEqual(model.Hash))
        {
            throw new NeuroStoreException(
                ErrorCode.MalformedModel,
                $"The file {path} is not the one that the model was made of. CREATE OR REPLACE "
                + "EXTERNAL MODEL takes the new one.");
        }

        return OnnxModels.Read(file, runtime, static _ => { }).Model.Predict;
    }

    private ExternalCall OpenFunction(ExternalModel model, string name)
    {
        RowModel function = FunctionOf(name);
        return (features, count, outputs) => Ask(model, function, features, count, outputs);
    }

    // What the program's code raises is its own; here it becomes an error of the statement.
    private static void Ask(
        ExternalModel model,
        RowModel function,
        ReadOnlyMemory<float> features,
        int count,
        Span<float> outputs)
    {
        int width = model.FeatureCount;
        float[][] rows = [.. Enumerable.Range(0, count)
            .Select(row => features.Slice(row * width, width).ToArray())];
        IReadOnlyList<float[]> given;
        try
        {
            given = function(rows);
        }
        catch (Exception failure)
            when (failure is not (NeuroStoreException or OperationCanceledException))
        {
            throw Failed(model, $"failed: {failure.Message}", failure);
        }

        if (given is null || given.Count != count)
        {
            throw Failed(model, $"gave {given?.Count ?? 0} answers for {count} rows");
        }

        for (int row = 0; row < count; row++)
        {
            if (given[row]?.Length != model.OutputCount
                || !Array.TrueForAll(given[row], float.IsFinite))
            {
                throw Failed(
                    model, $"must give {model.OutputCount} finite numbers for each row");
            }

            given[row].CopyTo(outputs[(row * model.OutputCount)..]);
        }
    }

    private static NeuroStoreException Failed(
        ExternalModel model, string what, Exception? cause = null) => new(
            ErrorCode.EncoderFailed, $"The model {model.Location} {what}.", default, cause);
}
