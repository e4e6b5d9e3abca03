namespace NeuroDb.Neural;

/// <summary>
/// Writes models that consist of others: each member is a class of its own within the file, and the
/// outputs are put together from theirs.
/// </summary>
internal static class CSharpMembers
{
    /// <summary>Adds an ensemble: the outputs of its members, averaged with weights.</summary>
    public static void Write(EnsembleModel model, CSharpText text)
    {
        WriteClasses(model.Members, text);
        Begin(text);
        text.Line(2, "float[] y = new float[OutputCount];");
        for (int i = 0; i < model.Members.Count; i++)
        {
            if (model.Weights[i] > 0)
            {
                text.Line(2, $"Add({Call(model.Members[i], i)}, {Single(model.Weights[i])}, y);");
            }
        }

        if (model.Mean != 0 || model.Deviation != 1)
        {
            text.Line(2, "for (int i = 0; i < y.Length; i++)").Line(2, "{")
                .Line(3, $"y[i] = {Single(model.Mean)} + ({Single(model.Deviation)} * y[i]);")
                .Line(2, "}").Line();
        }

        text.Line(2, "return y;").Line(1, "}").Piece("""
                private static void Add(float[] x, float weight, float[] y)
                {
                    for (int i = 0; i < y.Length; i++)
                    {
                        y[i] += weight * x[i];
                    }
                }
            """);
    }

    /// <summary>
    /// Adds a group: the outputs of its members one behind the other, and where each begins.
    /// </summary>
    public static void Write(GroupModel model, CSharpText text)
    {
        WriteClasses(model.Members, text);
        int offset = 0;
        var starts = new List<string>();
        foreach (Model member in model.Members)
        {
            starts.Add(CSharpText.Literal(offset));
            offset += member.OutputCount;
        }

        text.Line().Line(1, "/// <summary>The first output of each target.</summary>");
        text.Line(
            1, $"public static readonly int[] Starts = {{ {string.Join(", ", starts)} }};");
        Begin(text);
        text.Line(2, "float[] y = new float[OutputCount];");
        for (int i = 0; i < model.Members.Count; i++)
        {
            text.Line(2, $"{Call(model.Members[i], i)}.CopyTo(y, {starts[i]});");
        }

        text.Line(2, "return y;").Line(1, "}");
    }

    private static void Begin(CSharpText text) => text.Line()
        .Line(1, "/// <summary>What the model gives for the features of a row.</summary>")
        .Line(1, "public static float[] Outputs(float[] x)").Line(1, "{");

    private static void WriteClasses(IReadOnlyList<Model> members, CSharpText text)
    {
        for (int i = 0; i < members.Count; i++)
        {
            Model member = Plain(members[i] is PartModel part ? part.Inner : members[i]);
            text.Line().Line(1, $"private static class Member{CSharpText.Literal(i)}")
                .Line(1, "{");
            text.Line(
                1, $"private const int FeatureCount = {CSharpText.Literal(member.FeatureCount)};");
            CSharpModel.WriteOutputs(member, text);
            text.Line(1, "}");
        }
    }

    private static string Call(Model member, int number)
    {
        string features = member is PartModel part
            ? $"x[{CSharpText.Literal(part.Offset)}.."
                + $"{CSharpText.Literal(part.Offset + part.Inner.FeatureCount)}]"
            : "x";
        return $"Member{CSharpText.Literal(number)}.Outputs({features})";
    }

    private static Model Plain(Model model) =>
        model is QuantizedNetworkModel packed ? packed.Restored : model;

    private static string Single(float value) => "(float)" + CSharpText.Literal((double)value);
}
