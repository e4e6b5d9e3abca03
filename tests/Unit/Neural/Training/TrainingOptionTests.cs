using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Adversaries, mixtures, Adafactor and schedules of training.</summary>
public sealed class TrainingOptionTests
{
    [Fact]
    public void An_attack_stays_within_epsilon_raises_the_loss_and_spares_what_cannot_move()
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(4), "dense(8, relu), dense(3)");
        Memory<float> weights = Initializer.Create(network, 3, InitialValue.Auto);
        var loss = Loss.Create(LossKind.CrossEntropy);
        float[] origin = [.. Enumerable.Range(0, 40).Select(i => MathF.Sin(i))];
        float[] targets = [.. Enumerable.Range(0, 10).Select(i => i == 9 ? -1f : i % 3)];
        bool[] isMovable = [true, true, false, true];
        double before = LossOf(network, loss, weights, origin, targets);
        foreach (AttackSpec attack in (AttackSpec[])[AttackSpec.Parse("fgsm(.2)"),
            AttackSpec.Parse("pgd(.2, 8)")])
        {
            float[] features = [.. origin];
            new Adversary(network, loss, attack, isMovable, 10).Change(
                features, targets, 10, weights.Span, 5);
            Assert.True(LossOf(network, loss, weights, features, targets) > before);
            for (int i = 0; i < features.Length; i++)
            {
                Assert.InRange(Math.Abs(features[i] - origin[i]), 0, 0.2001);
                Assert.True(i % 4 != 2 || features[i] == origin[i]);
            }

            // A row of a class that never trained has no loss to make larger.
            Assert.Equal(origin[36..], features[36..]);
        }
    }

    [Theory]
    [InlineData("fgsm(0)")]
    [InlineData("fgsm(.1, 3)")]
    [InlineData("pgd(.1, 0)")]
    [InlineData("pgd(.1, 2.5)")]
    [InlineData("deepfool")]
    [InlineData("fgsm, pgd")]
    public void Attacks_that_are_none_are_refused(string text) => Assert.Equal(
        ErrorCode.InvalidModel,
        Assert.ThrowsAny<NeuroStoreException>(() => AttackSpec.Parse(text)).Code);

    [Fact]
    public void Adafactor_follows_its_formula_and_learns()
    {
        // After one step from nothing, V = R C / mean(R) of the squares, and the update has the
        // root mean square 1 at most.
        var update = new FactoredUpdate(
            new ParameterSpec("w", ParameterRole.Weights, [2, 2]));
        float[] weights = [1, 1, 1, 1];
        float[] gradients = [1, 2, 3, 4];
        update.Step(weights, gradients, 0.1, 0, 1);
        double[] rows = [2.5, 12.5];
        double[] columns = [5, 10];
        double[] raw = [.. gradients.Select((it, i) =>
            it / Math.Sqrt(rows[i / 2] * columns[i % 2] / 7.5))];
        double shorten = Math.Max(1, Math.Sqrt(raw.Average(it => it * it)));
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(1 - (0.1 * raw[i] / shorten), weights[i], 1e-5);
        }

        Assert.True(Train("adafactor", "", 0.02).Log[^1].Loss < 0.05);
    }

    [Fact]
    public void Mixtures_and_adversaries_train_and_repeat_themselves()
    {
        TrainingResult mixed = Train("adam", "mixup(.2)", 0.02);
        Assert.Equal(mixed.WeightHash, Train("adam", "mixup(.2)", 0.02).WeightHash);
        Assert.NotEqual(mixed.WeightHash, Train("adam", "", 0.02).WeightHash);
        Assert.True(mixed.Log[^1].ValidationAccuracy > 0.95);
        TrainingResult hard = Train("adam", "", 0.02, "pgd(.1, 3)");
        Assert.Equal(hard.WeightHash, Train("adam", "", 0.02, "pgd(.1, 3)").WeightHash);
        Assert.True(hard.Log[^1].ValidationAccuracy > 0.95);
    }

    [Fact]
    public void Schedules_begin_and_end_where_they_say()
    {
        Assert.Equal(1, LearningRate.Factor(ScheduleKind.Exponential, 0, 100), 1e-12);
        Assert.Equal(0.1, LearningRate.Factor(ScheduleKind.Exponential, 50, 100), 1e-12);
        Assert.Equal(0.04, LearningRate.Factor(ScheduleKind.OneCycle, 0, 100), 1e-12);
        Assert.Equal(1, LearningRate.Factor(ScheduleKind.OneCycle, 30, 100), 1e-12);
        Assert.Equal(0, LearningRate.Factor(ScheduleKind.OneCycle, 100, 100), 1e-12);
    }

    private static double LossOf(
        Network network, Loss loss, Memory<float> weights, float[] features, float[] targets)
    {
        int known = targets.Count(it => it >= 0);
        int width = network.Input.Length;
        var run = new NetworkRun(network, known, isTraining: true);
        run.Forward(features.AsMemory(0, known * width), known, weights.Span);
        return loss.Compute(
            run.Output, targets.AsSpan(0, known), default, network.Output.Length, 1,
            run.OutputGradient);
    }

    private static TrainingResult Train(
        string optimizer, string augment, double rate, string adversarial = "none")
    {
        const int Rows = 600;
        var features = new float[Rows * 2];
        var targets = new float[Rows];
        for (int i = 0; i < Rows; i++)
        {
            features[2 * i] = ((i % 20) - 9.5f) / 10;
            features[(2 * i) + 1] = ((i % 7) - 3) / 3f;
            targets[i] = features[2 * i] > 0 ? 1 : 0;
        }

        var options = new TrainingOptions { Epochs = 30, LearningRate = rate };
        options = TrainingOptionParser.Set(options, "optimizer", optimizer);
        options = TrainingOptionParser.Set(options, "adversarial", adversarial);
        options = augment.Length == 0
            ? options : TrainingOptionParser.Set(options, "augment", augment);
        Network network = NetworkBuilder.Build(TensorShape.Flat(2), "dense(8, relu), dense(2)");
        var examples = new ArrayExamples(features, targets, Rows, 1);
        return new Trainer(
            network, options, SystemSeams.Real().Workers, TimeProvider.System)
            .Run(examples, examples);
    }
}
