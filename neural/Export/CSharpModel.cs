using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// A model as one C# file that needs nothing but .NET 8: its transforms, its numbers and its
/// labels, in code that can be read. The same model gives the same text.
/// </summary>
internal static class CSharpModel
{
    private const long NumbersMax = 1 << 26;

    /// <summary>The text of the file.</summary>
    /// <param name="package">The model.</param>
    /// <param name="name">What the model is called; the class is named after it.</param>
    public static string Write(ModelPackage package, string name)
    {
        Model model = package.Model is QuantizedNetworkModel packed
            ? packed.Restored : package.Model;
        if (model.ParameterCount > NumbersMax)
        {
            throw NeuralErrors.InvalidModel(
                $"A file of C# holds at most {NumbersMax} numbers, and the model has "
                + $"{model.ParameterCount}; export FORMAT native.");
        }

        var text = new CSharpText();
        WriteHead(package, model, name, text);
        WriteOutputs(model, text);
        text.Piece(CSharpPieces.Read);
        CSharpFeatures? features = package.Pipeline == null
            ? null : CSharpFeatures.Write(package.Pipeline, text);
        WritePredict(package, features, text);
        return text.Line(0, "}").ToString();
    }

    /// <summary>Adds the numbers of a model and its method Outputs.</summary>
    public static void WriteOutputs(Model model, CSharpText text)
    {
        switch (model)
        {
            case NetworkModel network:
                CSharpNetwork.Write(network, text);
                break;
            case EncoderModel encoder:
                CSharpNetwork.Write(encoder.Encoder, text);
                break;
            case TreeModel trees:
                CSharpTrees.Write(trees, text);
                break;
            case CenterModel:
                CSharpTrees.WriteCenters(model, text);
                break;
            case EnsembleModel ensemble:
                CSharpMembers.Write(ensemble, text);
                break;
            case GroupModel group:
                CSharpMembers.Write(group, text);
                break;
            default:
                throw NeuralErrors.InvalidModel(
                    $"A model of the kind {model.Kind} has no form in C#; export FORMAT native.");
        }
    }

    /// <summary>A name as a class may have it: digit_cnn becomes DigitCnn.</summary>
    public static string ClassNameOf(string name)
    {
        string[] words = new string([.. name.Select(
                unit => char.IsAsciiLetterOrDigit(unit) ? unit : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string joined = string.Concat(words.Select(
            word => char.ToUpperInvariant(word[0]) + word[1..]));
        return joined.Length > 0 && char.IsAsciiLetter(joined[0]) ? joined : "Model" + joined;
    }

    private static void WriteHead(
        ModelPackage package, Model model, string name, CSharpText text)
    {
        text.Line(0, $"// The model {CSharpText.Comment(name)}, exported by NeuroStore. It needs "
            + "nothing but .NET 8 or later.");
        text.Line(0, string.Create(
            CultureInfo.InvariantCulture,
            $"// {model.Task}, {model.ParameterCount} numbers: "
            + $"{CSharpText.Comment(model.Architecture)}"));
        text.Line().Line(0, "#nullable enable").Line();
        foreach (string space in (string[])
            ["System", "System.Buffers", "System.Buffers.Text", "System.Collections.Generic",
                "System.Globalization", "System.Runtime.InteropServices"])
        {
            text.Line(0, $"using {space};");
        }

        text.Line().Line(0, $"public static class {ClassNameOf(name)}").Line(0, "{");
        text.Line(1, $"public const int FeatureCount = {CSharpText.Literal(model.FeatureCount)};");
        text.Line(1, $"public const int OutputCount = {CSharpText.Literal(model.OutputCount)};");
        if (package.Labels.Count > 0)
        {
            text.Line().Line(1, "/// <summary>What the outputs stand for.</summary>")
                .Texts("Labels", "public", package.Labels);
        }
    }

    private static void WritePredict(
        ModelPackage package, CSharpFeatures? features, CSharpText text)
    {
        string parameters = features?.Parameters ?? "float[] features";
        string arguments = features?.Arguments ?? "features";
        text.Line().Line(1, "/// <summary>The outputs for a row; null if it has none.</summary>");
        text.Line(1, $"public static float[]? Predict({parameters}) =>");
        text.Line(2, features == null
            ? "Outputs(features);"
            : $"Features({arguments}) is float[] x ? Outputs(x) : null;");
        bool hasLabel = package.Labels.Count > 1 && package.Model is not GroupModel
            && package.Labels.Count == package.Model.OutputCount;
        if (hasLabel)
        {
            text.Line().Line(1, "/// <summary>The likeliest label of a row.</summary>");
            text.Line(1, $"public static string? Label({parameters})").Line(1, "{");
            text.Line(2, $"float[]? outputs = Predict({arguments});");
            text.Line(2, "int best = 0;");
            text.Line(2, "for (int i = 1; outputs != null && i < outputs.Length; i++)")
                .Line(2, "{").Line(3, "best = outputs[i] > outputs[best] ? i : best;")
                .Line(2, "}").Line();
            text.Line(2, "return outputs == null ? null : Labels[best];").Line(1, "}");
        }
    }
}
