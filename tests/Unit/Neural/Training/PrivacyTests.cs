using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>What differentially private training bounds, and the noise that it adds.</summary>
public sealed class PrivacyTests
{
    [Fact]
    public void The_accountant_lies_between_the_exact_mechanism_and_the_plain_bound()
    {
        // One pass with noise 1: the Gaussian mechanism itself has epsilon 4.377 at delta 1e-5
        // (Balle and Wang, ICML 2018), the conversion of Mironov 0.5 + sqrt(2 ln 1e5) = 5.299.
        double one = PrivacyAccountant.EpsilonOf(1, 1, 1e-5);
        Assert.InRange(one, 4.377, 5.299);
        Assert.True(PrivacyAccountant.EpsilonOf(1, 4, 1e-5) > one);
        Assert.Equal(one, PrivacyAccountant.EpsilonOf(2, 4, 1e-5), 1e-9);
        Assert.Equal(0, PrivacyAccountant.EpsilonOf(1, 0, 1e-5));
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(3, 10)]
    [InlineData(8, 40)]
    public void The_noise_for_a_budget_spends_it_and_no_more(double epsilon, int passes)
    {
        double noise = PrivacyAccountant.NoiseFor(epsilon, passes, 1e-5);
        double spent = PrivacyAccountant.EpsilonOf(noise, passes, 1e-5);
        Assert.InRange(spent, epsilon * 0.999, epsilon);
    }

    [Fact]
    public void Gradients_of_rows_are_shortened_one_by_one()
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(3), "dense(4, relu), dense(1)");
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
        IWorkers workers = SystemSeams.Real().Workers;
        var loss = Loss.Create(LossKind.MeanSquared);
        float[] features = [1, 2, 3, -1, 0.5f, 2, 40, 50, 60];
        float[] targets = [1, -1, 500];
        var options = new TrainingOptions { BatchSize = 3, PrivateEpsilon = 1, PrivateNorm = 0.5 };
        var step = new PrivateStep(network, loss, options, 1e-12, workers);
        step.Run(features, targets, default, 3, 3, weights, 1);
        var expected = new float[network.ParameterLength];
        for (int row = 0; row < 3; row++)
        {
            var one = new GradientStep(network, loss, 1, 1, workers);
            one.Run(
                features.AsMemory(row * 3, 3), targets.AsMemory(row, 1), default, 1, 1, weights,
                1);
            double norm = Math.Sqrt(VectorArithmetic.SquaredNorm(one.Gradients.Span));
            float share = (float)(Math.Min(1, 0.5 / norm) / 3);
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += share * one.Gradients.Span[i];
            }
        }

        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], step.Gradients.Span[i], 1e-5);
        }
    }

    [Fact]
    public void The_noise_is_normal_and_of_the_deviation_that_was_asked_for()
    {
        Network network = NetworkBuilder.Build(TensorShape.Flat(100), "dense(200)");
        var options = new TrainingOptions { BatchSize = 4, PrivateEpsilon = 1, PrivateNorm = 2 };
        var step = new PrivateStep(
            network, Loss.Create(LossKind.MeanSquared), options, 3, SystemSeams.Real().Workers);

        // Zeros say zero, so nothing but noise is left.
        step.Run(
            new float[400], new float[800], default, 4, 4, new float[network.ParameterLength], 1);
        float[] noise = step.Gradients.ToArray();
        double mean = noise.Average();
        double deviation = Math.Sqrt(noise.Average(it => (it - mean) * (it - mean)));
        Assert.Equal(0, mean, 0.05);
        Assert.Equal(3 * 2 / 4.0, deviation, 0.05);
        double within = noise.Count(it => Math.Abs(it) < 1.5) / (double)noise.Length;
        Assert.Equal(0.6827, within, 0.02);
    }

    [Fact]
    public void A_private_training_learns_and_refuses_layers_that_mix_rows()
    {
        const int Rows = 4000;
        var features = new float[Rows * 2];
        var targets = new float[Rows];
        for (int i = 0; i < Rows; i++)
        {
            features[2 * i] = (i % 20) - 9.5f;
            features[(2 * i) + 1] = (i % 7) - 3;
            targets[i] = features[2 * i] > 0 ? 1 : 0;
        }

        var options = new TrainingOptions
        {
            Epochs = 8,
            BatchSize = 500,
            LearningRate = 0.05,
            PrivateEpsilon = 2,
        };
        Network network = NetworkBuilder.Build(TensorShape.Flat(2), "dense(8, relu), dense(2)");
        var examples = new ArrayExamples(features, targets, Rows, 1);
        IWorkers workers = SystemSeams.Real().Workers;
        TrainingResult result = new Trainer(network, options, workers, TimeProvider.System)
            .Run(examples, examples);
        Assert.True(result.Log[^1].ValidationAccuracy > 0.9);
        Assert.InRange(options.SpentBy(result.Log.Count), 0.1, 2);
        Network mixing = NetworkBuilder.Build(
            TensorShape.Flat(2), "dense(8), batch_norm, dense(2)");
        Assert.Equal(
            ErrorCode.InvalidModel,
            Assert.ThrowsAny<NeuroStoreException>(() => new Trainer(
                mixing, options, workers, TimeProvider.System)).Code);
    }
}
