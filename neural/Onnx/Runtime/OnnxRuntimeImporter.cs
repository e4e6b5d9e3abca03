using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// Makes a model that ONNX Runtime runs of a file whose operators our layers cannot say.
/// </summary>
internal static class OnnxRuntimeImporter
{
    private static readonly string[] Classifiers =
        ["LinearClassifier", "SVMClassifier", "TreeEnsembleClassifier"];

    /// <summary>The model of a file.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="runtime">The library.</param>
    /// <exception cref="NeuroStoreException">
    /// It is damaged or refused, the library is missing, or it does not run.
    /// </exception>
    public static ModelPackage Read(ReadOnlySpan<byte> file, OnnxRuntime runtime)
    {
        OnnxSignature signature = OnnxCheck.Read(file);
        OnnxForm form = OnnxForm.Of(signature);
        int outputs = OutputsOf(file, form, runtime);
        string last = LastOperator(signature, form.Output.Name);
        bool isBinary = last == "Sigmoid" && outputs == 1;
        bool isClassifier = isBinary
            || (outputs > 1 && (last is "Softmax" or "Sigmoid"
                || Classifiers.Any(signature.Operators.ContainsKey)));
        ModelTask task = isClassifier ? ModelTask.Classifier
            : outputs == 1 ? ModelTask.Regressor : ModelTask.Embedder;
        var model = OnnxRuntimeModel.Create(file, signature, task, outputs, runtime);
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = "onnx",
            ["device"] = $"onnxruntime {runtime.Load().Version} cpu",
        };
        string[] labels = isClassifier
            ? LabelsOf(signature, Math.Max(2, outputs)) : [];
        return new ModelPackage(model, null, labels, facts);
    }

    // The file may not say how many numbers come out: a row of zeros does.
    private static int OutputsOf(ReadOnlySpan<byte> file, OnnxForm form, OnnxRuntime runtime)
    {
        using var session = new OnnxSession(runtime.Load(), file);
        int rows = Math.Max(1, form.RowCount);
        long given = form.Run(session, new float[rows * form.Shape.Length], rows, []);
        return given > 0 && given % rows == 0 && given / rows <= Limits.VectorDimensionMax
            ? (int)(given / rows)
            : throw NeuralErrors.UnsupportedOnnx(
                $"The ONNX output {form.Output.Name} is {given} numbers for {rows} rows; a model "
                + $"gives 1 to {Limits.VectorDimensionMax} for each.");
    }

    private static string LastOperator(OnnxSignature signature, string value)
    {
        for (int step = 0; step < signature.Makers.Count; step++)
        {
            if (!signature.Makers.TryGetValue(value, out var maker))
            {
                return "";
            }

            if (maker.Operator is not ("Identity" or "Flatten" or "Reshape" or "Squeeze"
                or "Cast") || maker.Inputs.Count == 0)
            {
                return maker.Operator;
            }

            value = maker.Inputs[0];
        }

        return "";
    }

    private static string[] LabelsOf(OnnxSignature signature, int count)
    {
        IReadOnlyList<string> noted = OnnxLabels.Noted(signature.Notes);
        IReadOnlyList<string> found = noted.Count == count ? noted : signature.Labels;
        return found.Count == count && found.Distinct(StringComparer.Ordinal).Count() == count
            ? [.. found]
            : [.. Enumerable.Range(0, count)
                .Select(static i => i.ToString(CultureInfo.InvariantCulture))];
    }
}
