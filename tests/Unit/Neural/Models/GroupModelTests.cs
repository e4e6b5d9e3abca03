using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Models of several targets side by side, and their file.</summary>
public sealed class GroupModelTests
{
    private const int Rows = 200;
    private static readonly SystemWorkers Workers = new(2);

    [Fact]
    public void A_group_says_what_its_members_say()
    {
        (GroupModel group, float[] features) = Train();
        var all = new float[Rows * group.OutputCount];
        group.Predict(features, Rows, all);
        int offset = 0;
        foreach (Model member in group.Members)
        {
            var own = new float[Rows * member.OutputCount];
            member.Predict(features, Rows, own);
            var sliced = new float[own.Length];
            new SliceModel(group, offset, member.OutputCount).Predict(features, Rows, sliced);
            Assert.Equal(own, sliced);
            offset += member.OutputCount;
        }

        Assert.Equal(offset, group.OutputCount);
        Assert.Equal(1, group.Importance.Sum(), 1e-6);
    }

    [Fact]
    public void A_group_comes_back_from_its_file()
    {
        (GroupModel group, float[] features) = Train();
        byte[] file = ModelFile.Write(
            new ModelPackage(group, null, [], new Dictionary<string, string>()));
        var read = (GroupModel)ModelFile.Read(file).Model;
        Assert.Equal(group.Architecture, read.Architecture);
        var expected = new float[Rows * group.OutputCount];
        var said = new float[expected.Length];
        group.Predict(features, Rows, expected);
        read.Predict(features, Rows, said);
        Assert.Equal(expected, said);
    }

    [Theory]
    [InlineData("group Regressor 0 1 1 2 x")]
    [InlineData("trees Regressor MeanSquared 1 1 2 x")]
    [InlineData("trees Elephant MeanSquared 1 1 2 x")]
    [InlineData("trees Regressor MeanSquared 1 1 -2 x")]
    [InlineData("trees")]
    public void A_group_that_is_not_described_is_refused(string line)
    {
        (GroupModel group, _) = Train();
        ModelHeader header = ModelFile.ReadHeader(ModelFile.WriteHeader(
            new ModelPackage(group, null, [], new Dictionary<string, string>())));
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => GroupModel.FromTensors(
                header with { Architecture = line }, [], static (_, _) =>
                    throw NeuralErrors.MalformedModel("it has no tensors")));
        Assert.Equal(ErrorCode.MalformedModel, error.Code);
    }

    private static (GroupModel Group, float[] Features) Train()
    {
        float[] features = LayerGradientTests.Numbers(Rows * 2, 1);
        float[] targets = [.. Enumerable.Range(0, Rows).SelectMany(row => new[]
        {
            features[2 * row] > 0 ? 1f : 0f, MathF.Round(1 + features[(2 * row) + 1]),
        })];
        targets = [.. targets.Select(static it => Math.Clamp(it, 0, 2))];
        var options = new TrainingOptions();
        var trainer = new ModelTrainer(
            Recipe.Parse("gbdt(trees=5)"), ModelTask.Classifier, options, Workers,
            TimeProvider.System);
        TrainedModel trained = trainer.TrainGroup(
            TensorShape.Flat(2),
            [2, 3],
            new ArrayExamples(features, targets, Rows, null),
            null,
            _ => options);
        return ((GroupModel)trained.Model, features);
    }
}
