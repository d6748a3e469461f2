/* cplusplus.cc - iostreams, exceptions, containers, std::thread and its friends. */
#include <atomic>
#include <condition_variable>
#include <future>
#include <iostream>
#include <map>
#include <mutex>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static int depth(int n)
{
	if (n == 0)
		throw std::out_of_range("the bottom");
	try {
		return depth(n - 1);
	} catch (const std::logic_error &) {
		if (n < 3)
			throw;
		return n;
	}
}

int main()
{
	std::vector<std::thread> threads;
	std::map<std::string, int> words;
	std::mutex mutex;
	std::atomic<int> sum{0};
	std::condition_variable cond;
	bool ready = false;
	std::istringstream text("one two three two one two");
	std::string word;

	while (text >> word)
		words[word]++;
	for (const auto &[name, n] : words)
		std::cout << name << " " << n << std::endl;
	std::cout << "caught at depth " << depth(10) << std::endl;
	for (int i = 0; i < 6; i++) {
		threads.emplace_back([&, i] {
			std::unique_lock<std::mutex> lock(mutex);
			cond.wait(lock, [&] { return ready; });
			sum += i;
		});
	}
	{
		std::lock_guard<std::mutex> lock(mutex);
		ready = true;
	}
	cond.notify_all();
	for (auto &t : threads)
		t.join();
	std::cout << "sum " << sum << std::endl;
	auto value = std::async(std::launch::async, [] {
		std::vector<int> v(100);
		std::iota(v.begin(), v.end(), 1);
		return std::accumulate(v.begin(), v.end(), 0);
	});
	std::cout << "future " << value.get() << std::endl;
	auto failing = std::async(std::launch::async, []() -> int { throw std::runtime_error("thrown"); });
	try {
		failing.get();
	} catch (const std::exception &e) {
		std::cout << "from another thread: " << e.what() << std::endl;
	}
	std::cout.precision(10);
	std::cout << 1.0 / 3 << " " << std::hex << 255 << std::endl;
	return 0;
}
