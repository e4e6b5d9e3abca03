using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Assignment to centroids, and clustering.</summary>
public sealed class KMeansTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 3, 7)]
    [InlineData(130, 33, 50)]
    [InlineData(70, 300, 100)]
    public void Every_width_finds_a_nearest_centroid(int count, int dimension, int clusters)
    {
        float[] vectors = VectorData.Floats(count * dimension, 1);
        var set = new CentroidSet(VectorData.Floats(clusters * dimension, 2), dimension);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var assignment = new int[count];
            var distances = new float[count];
            NearestCentroid.Find(vectors, dimension, set, assignment, distances, width);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> vector = vectors.AsSpan(i * dimension, dimension);
                NearestCentroid.FindScalar(vector, set, out float expected);
                Assert.InRange(assignment[i], 0, clusters - 1);
                Assert.Equal(expected, distances[i], 1e-4f);
            }
        }
    }

    [Fact]
    public void Ties_go_to_the_lower_centroid_and_a_NaN_to_none()
    {
        var set = new CentroidSet([1, 0, 1, 0, 0, 1, 1, 0], 2);
        var assignment = new int[3];
        var distances = new float[3];
        NearestCentroid.Find(
            [1, 0, float.NaN, 0, 0, 3], 2, set, assignment, distances, VectorWidths.Widest);
        Assert.Equal([0, NearestCentroid.None, 2], assignment);
        Assert.Equal([0, float.NaN, 4], distances);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1.5f)]
    public void The_number_of_threads_does_not_change_a_bit(int start, float sizeRatioMax)
    {
        float[] vectors = Clustered(3000, 20, 25);
        KMeansOptions options = new(25, 7)
        {
            Start = (ClusterStart)start,
            SizeRatioMax = sizeRatioMax,
        };
        float[] one = Train(1, vectors, 20, options).Vectors;
        Assert.Equal(one, Train(4, vectors, 20, options).Vectors);
        Assert.NotEqual(one, Train(1, vectors, 20, options with { Seed = 8 }).Vectors);
    }

    [Theory]
    [InlineData(1, 16, 1)]
    [InlineData(70, 48, 7)]
    [InlineData(300, 192, 50)]
    [InlineData(130, 832, 100)]
    public void Centroids_in_bytes_find_one_that_is_about_as_near_as_the_nearest(
        int count, int dimension, int clusters)
    {
        float[] vectors = VectorData.Floats(count * dimension, 1);
        var set = new CentroidSet(VectorData.Floats(clusters * dimension, 2), dimension);
        float[] origin = VectorData.Floats(dimension, 3);
        var rounded = new ByteVectors(count, origin);
        rounded.Set(0, vectors);
        var assignment = new int[count];
        var distances = new float[count];
        new ByteCentroids(set, origin).Find(rounded, 0, assignment, distances);
        var parts = new int[count];
        new ByteCentroids(set, origin).Find(
            new SystemWorkers(3), rounded, parts, new float[count], default);
        Assert.Equal(assignment, parts);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> vector = vectors.AsSpan(i * dimension, dimension);
            NearestCentroid.FindScalar(vector, set, out float nearest);
            float found = SquaredEuclidean.Compute(vector, set.Centroid(assignment[i]));
            Assert.InRange(found, nearest * 0.9999f, nearest * 1.01f);
            Assert.InRange(distances[i], found * 0.99f, found * 1.01f);
        }
    }

    [Fact]
    public void Bytes_of_a_NaN_are_near_no_centroid_and_ties_go_to_the_lower_one()
    {
        float[] vectors = VectorData.Floats(3 * 16, 1);
        vectors[20] = float.NaN;
        vectors[40] = float.PositiveInfinity;
        float[] equal = [.. vectors.AsSpan(0, 16), .. vectors.AsSpan(0, 16)];
        var rounded = new ByteVectors(3, new float[16]);
        rounded.Set(0, vectors);
        var assignment = new int[3];
        var distances = new float[3];
        new ByteCentroids(new CentroidSet(equal, 16), new float[16])
            .Find(rounded, 0, assignment, distances);
        Assert.Equal([0, NearestCentroid.None, NearestCentroid.None], assignment);
        Assert.Equal([float.NaN, float.NaN], distances[1..]);
    }

    [Fact]
    public void Clusters_by_bytes_are_as_good_and_do_not_depend_on_threads()
    {
        float[] vectors = VectorData.Floats(4000 * 32, 4);
        var floats = new KMeansOptions(60, 3) { SizeRatioMax = 4 };
        KMeansOptions rounded = floats with { IsRounded = true };
        CentroidSet set = Train(2, vectors, 32, rounded);
        Assert.Equal(set.Vectors, Train(1, vectors, 32, rounded).Vectors);
        double expected = MeanDistance(vectors, 32, Train(2, vectors, 32, floats));
        Assert.InRange(MeanDistance(vectors, 32, set), 0.99 * expected, 1.01 * expected);
    }

    [Fact]
    public void Separate_clusters_are_found()
    {
        float[] vectors = Clustered(2000, 16, 10);
        var options = new KMeansOptions(10, 3) { Start = ClusterStart.PlusPlus };
        CentroidSet set = Train(2, vectors, 16, options);
        Assert.Equal(10, set.Count);
        Assert.InRange(MeanDistance(vectors, 16, set), 0, 16 * 0.01);
    }

    [Fact]
    public void Many_clusters_are_trained_in_two_levels()
    {
        float[] vectors = VectorData.Floats(4000 * 8, 4);
        var flat = new KMeansOptions(100, 3);
        KMeansOptions levels = flat with { HierarchyClustersMin = 50 };
        CentroidSet set = Train(2, vectors, 8, levels);
        Assert.Equal(100, set.Count);
        double expected = MeanDistance(vectors, 8, Train(2, vectors, 8, flat));
        Assert.InRange(MeanDistance(vectors, 8, set), 0.8 * expected, 1.1 * expected);
    }

    [Fact]
    public void A_bound_on_sizes_keeps_clusters_even()
    {
        float[] vectors = VectorData.Floats(4000 * 4, 5);
        for (int i = 0; i < 3000 * 4; i++)
        {
            vectors[i] *= 0.1f;
        }

        var options = new KMeansOptions(64, 3) { Start = ClusterStart.PlusPlus };
        const double Mean = 4000 / 64.0;
        int free = LargestOf(Train(2, vectors, 4, options), vectors);
        int even = LargestOf(Train(2, vectors, 4, options with { SizeRatioMax = 4 }), vectors);
        Assert.True(free > 5 * Mean, $"{free}");
        Assert.InRange(even, Mean, 4.5 * Mean);
    }

    [Fact]
    public void Fewer_rows_than_clusters_and_equal_rows_are_no_trouble()
    {
        Assert.Equal(3, Train(2, VectorData.Floats(3 * 5, 6), 5, new(10, 1)).Count);
        Assert.Equal(0, Train(2, [], 5, new(10, 1)).Count);
        Assert.Equal(0, Train(2, [float.NaN, 1, 2, 3, 4], 5, new(10, 1)).Count);
        float[] equal = [.. Enumerable.Repeat(2f, 100)];
        foreach (ClusterStart start in Enum.GetValues<ClusterStart>())
        {
            CentroidSet set = Train(2, equal, 2, new(5, 1) { Start = start });
            Assert.All(set.Vectors, element => Assert.Equal(2f, element));
        }
    }

    private static CentroidSet Train(
        int threads, float[] vectors, int dimension, KMeansOptions options) =>
        KMeans.Train(new SystemWorkers(threads), vectors, dimension, options, default);

    private static float[] Clustered(int count, int dimension, int clusters)
    {
        float[] centres = VectorData.Floats(clusters * dimension, 11);
        float[] vectors = VectorData.Floats(count * dimension, 12);
        for (int i = 0; i < vectors.Length; i++)
        {
            int cluster = i / dimension % clusters;
            float centre = centres[(cluster * dimension) + (i % dimension)];
            vectors[i] = (vectors[i] * 0.1f) + (centre * 3);
        }

        return vectors;
    }

    private static double MeanDistance(float[] vectors, int dimension, CentroidSet set)
    {
        var distances = new float[vectors.Length / dimension];
        NearestCentroid.Find(
            vectors, dimension, set, new int[distances.Length], distances, VectorWidths.Widest);
        return distances.Average();
    }

    private static int LargestOf(CentroidSet set, float[] vectors)
    {
        var assignment = new int[vectors.Length / set.Dimension];
        NearestCentroid.Find(
            vectors,
            set.Dimension,
            set,
            assignment,
            new float[assignment.Length],
            VectorWidths.Widest);
        return assignment.CountBy(cluster => cluster).Max(pair => pair.Value);
    }
}
