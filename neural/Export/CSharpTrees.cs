namespace NeuroDb.Neural;

/// <summary>Writes trees and centers, whose numbers stand in arrays.</summary>
internal static class CSharpTrees
{
    private const string Walk = """
        /// <summary>What the model gives for the features of a row.</summary>
        public static float[] Outputs(float[] x)
        {
            float[] y = (float[])Start.Clone();
            for (int tree = 0; tree < Roots.Length; tree++)
            {
                int node = Roots[tree];
                while (NodeFeatures[node] >= 0)
                {
                    node = Children[node] + (x[NodeFeatures[node]] > Thresholds[node] ? 1 : 0);
                }

                ADD
            }

            JOIN
            return y;
        }
    """;

    private const string AddAll = """
            for (int i = 0; i < y.Length; i++)
                {
                    y[i] += NodeValues[(node * y.Length) + i];
                }
    """;

    private const string Nearest = """
        /// <summary>The number of the nearest center and the squared distance to it.</summary>
        public static float[] Outputs(float[] x)
        {
            int nearest = -1;
            double best = double.PositiveInfinity;
            for (int center = 0; center < Centers.Length / FeatureCount; center++)
            {
                double distance = 0;
                for (int i = 0; i < FeatureCount; i++)
                {
                    double difference = (double)x[i] - Centers[(center * FeatureCount) + i];
                    distance += difference * difference;
                }

                if (distance < best)
                {
                    best = distance;
                    nearest = center;
                }
            }

            return [nearest, nearest < 0 ? float.NaN : (float)best];
        }
    """;

    /// <summary>Adds the arrays of trees and the method Outputs.</summary>
    public static void Write(TreeModel model, CSharpText text)
    {
        Dictionary<string, Tensor> tensors = model.Tensors.ToDictionary(it => it.Name);
        int[] Whole(string name) =>
            [.. tensors[name].Data.ToArray().Select(number => (int)number)];
        text.Line().Integers("NodeFeatures", Whole("features"));
        text.Line().Floats("Thresholds", tensors["thresholds"].Data.Span);
        text.Line().Integers("Children", Whole("children"));
        text.Line().Floats("NodeValues", tensors["values"].Data.Span);
        text.Line().Integers("Roots", Whole("roots"));
        text.Line().Floats("Start", tensors["base"].Data.Span);
        string add = model.Join == TreeJoin.Softmax
            ? "y[tree % y.Length] += NodeValues[node];" : AddAll.Trim();
        string depth = CSharpText.Literal((double)tensors["joining"].Data.Span[1]);
        string join = model.Join switch
        {
            TreeJoin.Mean => Loop("y[i] /= Roots.Length;"),
            TreeJoin.Isolation => Loop(
                $"y[i] = (float)Math.Pow(2, -y[i] / Roots.Length / {depth});"),
            TreeJoin.Softmax => "Softmax(y);",
            _ => "",
        };
        string code = Walk.Replace("ADD", add, StringComparison.Ordinal);
        text.Piece(join.Length > 0
            ? code.Replace("JOIN", join, StringComparison.Ordinal)
            : code.Replace("        JOIN\n", "", StringComparison.Ordinal));
        if (model.Join == TreeJoin.Softmax)
        {
            text.Piece(CSharpPieces.Softmax);
        }
    }

    /// <summary>Adds the centers and the method Outputs.</summary>
    public static void WriteCenters(Model model, CSharpText text) =>
        text.Line().Floats("Centers", model.Tensors[0].Data.Span).Piece(Nearest);

    private static string Loop(string body) =>
        "for (int i = 0; i < y.Length; i++)\n        {\n            " + body + "\n        }\n";
}
