using NeuroDb.Gpu;
using NeuroDb.Neural;

namespace NeuroDb.Bench;

/// <summary>
/// Networks on one core: products and convolutions against the arithmetic peak of the same
/// process, steps of training against PyTorch, predictions. Times are processor time of the
/// thread, so that neighbours on the machine do not count.
/// </summary>
internal static class TrainBench
{
    private const int CnnBatch = 64;
    private const string SmallNetwork = "dense(64), relu, dense(64), relu, dense(1)";
    private const string ImageNetwork =
        "conv(32, 3, relu), conv(64, 3, relu), maxpool(2), flatten, dense(128, relu), dense(10)";

    /// <summary>
    /// Options: --mnist FOLDER --seeds 1 --epochs 3 --threads 2 trains on that data as well.
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        var report = new BenchReport("train: networks on one core");
        double peak = Enumerable.Range(0, 5).Max(_ => ArithmeticPeak.Gigaflops());
        report.Row("work", "time", "GFLOP/s", "of the peak, or of PyTorch", "median");
        report.Row("fused multiply-add", "", $"{peak:F0}", "", "");
        double product = MeasureProduct(report);
        double convolution = MeasureConvolution(report);
        double small = MeasureSmallStep();
        double image = MeasureImageStep();
        double model = MeasurePredictions();
        double rows = PredictionBench.Measure();
        SqlTraining.Measure(report);
        (double torchSmall, double torchImage, string note) = TorchPeer.Run();
        report.Row(
            "2-64-64-1, batch 10, Adam", $"{small:F2} us", "", $"{torchSmall / small:F1}x", "");
        report.Row("simple_cnn, batch 64, Adam", $"{image / 1000:F1} ms", "",
            $"{torchImage / image:F2}x", "");
        report.Row("predict 2-64-64-1, the model", $"{model:F1} M rows/s", "", "", "");
        report.Row("predict 2-64-64-1, by SELECT", $"{rows:F1} M rows/s", "", "", "");
        report.Note($"{note}: {torchSmall:F0} us, {torchImage / 1000:F1} ms a step");
        if (arguments.Text("mnist", null) is string folder)
        {
            (double accuracy, _) = MnistTraining.Measure(report, arguments, folder, 1);
            report.Detail("mnist_accuracy", accuracy);
        }

        report.Figure("gemm_peak", product);
        report.Figure("conv_peak", convolution);
        report.Figure("mlp_step_us", small);
        report.Figure("mlp_ratio", torchSmall / small);
        report.Figure("cnn_ratio", torchImage / image);
        report.Figure("predict_mrows", rows);
        report.Print(arguments);
    }

    private static double MeasureProduct(BenchReport report)
    {
        var shape = new MatrixShape(MatrixLayout.Plain, 512, 512, 512);
        Memory<float> a = Numbers(shape.LengthA);
        Memory<float> b = Numbers(shape.LengthB);
        Memory<float> c = Numbers(shape.LengthC);
        return Add(
            report,
            "product 512 x 512 x 512",
            2.0 * 512 * 512 * 512,
            () => MatrixProduct.Compute(shape, a.Span, b.Span, c.Span));
    }

    private static double MeasureConvolution(BenchReport report)
    {
        ConvolutionShape shape = ConvolutionShape
            .Create(26, 26, 32, 64, 3, 3, 1, false).Of(CnnBatch);
        Memory<float> x = Numbers(CnnBatch * shape.ImageLength);
        Memory<float> w = Numbers(shape.WeightLength);
        Memory<float> y = Numbers(CnnBatch * shape.OutImageLength);
        VectorWidth width = VectorWidths.Widest;
        double flop = 2.0 * CnnBatch * shape.OutHeight * shape.OutWidth * shape.WeightLength;
        double direct = Add(
            report,
            "convolution 3x3, 32 to 64, direct",
            flop,
            () => Convolution.Forward(shape, x.Span, w.Span, y.Span));
        Add(
            report,
            "the same by transforms",
            flop,
            () => WinogradConvolution.ForwardPlain(
                shape, x.Span, w.Span, y.Span, default, false, width));
        Add(
            report,
            "gradient of its input, by transforms",
            flop,
            () => WinogradConvolution.InputGradient(shape, y.Span, w.Span, x.Span, width));
        Add(
            report,
            "gradient of its weights",
            flop,
            () => Convolution.AddWeightGradient(shape, x.Span, y.Span, w.Span));
        return direct;
    }

    private static double Add(BenchReport report, string name, double flop, Action work)
    {
        (double seconds, double best, double median) = PeakPairs.Of(flop, work);
        report.Row(
            name,
            $"{seconds * 1e3:F2} ms",
            $"{flop / seconds / 1e9:F0}",
            $"{best:P0}",
            $"{median:P0}");
        return best;
    }

    /// <summary>Microseconds of a step of training, reading the rows included.</summary>
    private static double MeasureSmallStep()
    {
        const int Rows = 3000;
        Network network = NetworkBuilder.Build(TensorShape.Flat(2), SmallNetwork);
        var source = new ArrayExamples(Numbers(2 * Rows), Numbers(Rows), Rows, 1);
        TrainingOptions options = new()
        {
            Loss = LossKind.MeanSquared, BatchSize = 10, Epochs = 3,
        };
        return BestTime.Of(20, 1, () =>
            new Trainer(network, options, new SystemWorkers(1), TimeProvider.System)
                .Run(source, null)) * 1e6 / (Rows / 10 * options.Epochs);
    }

    private static double MeasureImageStep()
    {
        var shape = new TensorShape(28, 28, 1);
        Network network = NetworkBuilder.Build(shape, ImageNetwork);
        Memory<float> x = Numbers(CnnBatch * shape.Length);
        float[] y = [.. Enumerable.Range(0, CnnBatch).Select(i => (float)(i % 10))];
        var workers = new SystemWorkers(1);
        var step = new GradientStep(
            network, Loss.Create(LossKind.CrossEntropy), CnnBatch, 1, workers);
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
        var optimizer = new Optimizer(network, OptimizerKind.Adam);
        return BestTime.Of(8, 3, () =>
        {
            step.Run(x, y, default, CnnBatch, CnnBatch, weights, 1);
            optimizer.Step(weights, step.Gradients, 0.001, workers);
        }) * 1e6;
    }

    /// <summary>Millions of rows a second.</summary>
    private static double MeasurePredictions()
    {
        const int Rows = 50_000;
        Network network = NetworkBuilder.Build(TensorShape.Flat(2), SmallNetwork);
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
        var model = new NetworkModel(
            network, weights, LossKind.MeanSquared, ModelTask.Regressor);
        Memory<float> x = Numbers(2 * Rows);
        var outputs = new float[Rows];
        return Rows / BestTime.Of(20, 4, () => model.Predict(x, Rows, outputs)) / 1e6;
    }

    private static Memory<float> Numbers(int count)
    {
        Memory<float> numbers = AlignedMemory.Allocate<float>(count);
        for (int i = 0; i < count; i++)
        {
            numbers.Span[i] = (i * 7919 % 1000 / 1000f) - 0.5f;
        }

        return numbers;
    }
}
