using System.Diagnostics;
using NeuroDb.Neural;

namespace NeuroDb.Bench;

/// <summary>
/// Vectors of the networks that are trained here, on one core and on two, beside ONNX Runtime on
/// the same network as EXPORT writes it. Both take turns, the best of several rounds counts: of one
/// thread its processor time, of two the time that passes.
/// </summary>
internal static class EmbedBench
{
    private const int Rounds = 7;
    private const double RoundSeconds = 0.12;

    private static readonly (string Name, TensorShape Shape, string Network, int Rows)[] Networks =
    [
        ("features 128, mlp(256, 128)", TensorShape.Flat(128), "mlp(256, 128)", 512),
        ("text 64 x 64, text_cnn", new TensorShape(1, 64, 64), "text_cnn", 64),
        ("text 32 x 64, text_transformer", new TensorShape(1, 32, 64), "text_transformer", 64),
        ("text 32 x 64, gru(64)", new TensorShape(1, 32, 64),
            "LAYERS (gru(64), dense(10))", 64),
        ("image 28 x 28, lenet5", new TensorShape(28, 28, 1), "lenet5", 64),
        ("image 28 x 28, simple_cnn", new TensorShape(28, 28, 1), "simple_cnn", 64),
        ("image 32 x 32 x 3, vgg_mini", new TensorShape(32, 32, 3), "vgg_mini", 32),
        ("image 32 x 32 x 3, resnet_mini", new TensorShape(32, 32, 3), "resnet_mini", 32),
        ("image 32 x 32 x 3, xception_mini", new TensorShape(32, 32, 3), "xception_mini", 16),
        ("sound 98 x 40, simple_cnn", new TensorShape(98, 40, 1), "simple_cnn", 16),
    ];

    /// <summary>Options: --only TEXT leaves networks out whose name has it not.</summary>
    public static void Run(BenchArguments arguments)
    {
        var report = new BenchReport("embed: vectors a second beside ONNX Runtime");
        OnnxRuntime runtime = new(PeerLibrary.PathOf("libonnxruntime.so.1"));
        runtime = runtime.IsThere() ? runtime : OnnxRuntime.Default;
        OnnxRuntimeApi? api = runtime.IsThere() ? runtime.Load() : null;
        report.Note(api is null
            ? "ONNX Runtime is missing; bench/peers/install.sh brings it"
            : $"ONNX Runtime {api.Version}, one and two threads");
        report.Row("network", "rows/s on a core", "times ONNX Runtime", "on two", "times");
        var ratios = new List<double>();
        string only = arguments.Text("only", null) ?? "";
        foreach ((string name, TensorShape shape, string text, int rows) in
            Networks.Where(it => it.Name.Contains(only, StringComparison.Ordinal)))
        {
            NetworkModel model = ModelOf(shape, text);
            (double own, double other) = Measure(model, api, rows, 1);
            (double ownTwo, double otherTwo) = Measure(model, api, rows, 2);
            report.Row(
                name,
                $"{rows / own:F0}",
                $"{other / own:F2}",
                $"{rows / ownTwo:F0}",
                $"{otherTwo / ownTwo:F2}");
            ratios.Add(other / own);
        }

        report.Figure("embed_ratio_least", ratios.Min());
        report.Figure(
            "embed_ratio_mean", Math.Exp(ratios.Average(static it => Math.Log(it))));
        report.Print(arguments);
    }

    private static NetworkModel ModelOf(TensorShape shape, string text)
    {
        Recipe recipe = text.StartsWith("LAYERS", StringComparison.Ordinal)
            ? Recipe.OfLayers(text["LAYERS (".Length..^1]) : Recipe.Parse(text);
        Network network = recipe.ToNetwork(shape, 10);
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
        var whole = new NetworkModel(
            network, weights, LossKind.CrossEntropy, ModelTask.Classifier);
        return (NetworkModel)EmbeddingModel.Of(whole)!;
    }

    // Seconds of a batch: ours, and that of ONNX Runtime, NaN where it is missing.
    private static (double Own, double Other) Measure(
        NetworkModel model, OnnxRuntimeApi? api, int rows, int threads)
    {
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, rows * model.FeatureCount)
            .Select(_ => random.NextSingle())];
        var outputs = new float[rows * model.OutputCount];
        var others = new float[outputs.Length];
        byte[] file = OnnxExporter.Write(model, "m");
        OnnxForm form = OnnxForm.Of(OnnxCheck.Read(file));
        using OnnxSession? session = api is null ? null : new OnnxSession(api, file, threads);
        Action own = threads == 1
            ? () => model.Predict(features, rows, outputs)
            : () => PredictInHalves(model, features, rows, outputs);
        Action other = session is null
            ? static () => { }
            : () => form.Run(session, features, rows, others);
        double bestOwn = double.PositiveInfinity;
        double bestOther = double.PositiveInfinity;
        int ownCalls = CallsOf(own);
        int otherCalls = CallsOf(other);
        for (int round = 0; round < Rounds; round++)
        {
            bestOwn = Math.Min(bestOwn, Seconds(own, ownCalls, threads));
            bestOther = Math.Min(bestOther, Seconds(other, otherCalls, threads));
        }

        return session is null ? (bestOwn, double.NaN)
            : IsNear(outputs, others) ? (bestOwn, bestOther)
            : throw new InvalidOperationException("The vectors differ.");
    }

    private static bool IsNear(float[] outputs, float[] others) =>
        outputs.Zip(others).All(static it =>
            Math.Abs(it.First - it.Second) <= 1e-4f * Math.Max(1, Math.Abs(it.First)));

    private static void PredictInHalves(
        NetworkModel model, float[] features, int rows, float[] outputs)
    {
        int half = rows / 2;
        Parallel.For(0, 2, lane =>
        {
            int count = lane == 0 ? half : rows - half;
            model.Predict(
                features.AsMemory(lane * half * model.FeatureCount),
                count,
                outputs.AsSpan(lane * half * model.OutputCount));
        });
    }

    private static int CallsOf(Action work)
    {
        work();
        var clock = Stopwatch.StartNew();
        work();
        return Math.Max(1, (int)(RoundSeconds / Math.Max(1e-7, clock.Elapsed.TotalSeconds)));
    }

    private static double Seconds(Action work, int calls, int threads)
    {
        void All()
        {
            for (int i = 0; i < calls; i++)
            {
                work();
            }
        }

        if (threads == 1)
        {
            return ThreadTime.Of(All) / 1e9 / calls;
        }

        var clock = Stopwatch.StartNew();
        All();
        return clock.Elapsed.TotalSeconds / calls;
    }
}
