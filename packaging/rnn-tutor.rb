# A draft of the formula for Homebrew. `make release` fills in what stands between @ signs, as far as it can be known,
# and writes build/release/rnn-tutor.rb; docs/releasing.md says where it goes.
class RnnTutor < Formula
  include Language::Python::Virtualenv

  desc "Terminal tutor for the mathematics of recurrent networks"
  homepage "@HOMEPAGE@"
  url "@SDIST_URL@"
  sha256 "@SHA256@"
  license "MIT"

  depends_on "libyaml"
  depends_on "numpy"
  depends_on "python@@PYTHON@"

  pypi_packages exclude_packages: "numpy"

@RESOURCES@

  def install
    virtualenv_install_with_resources(link_manpages: true)
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/rnn-tutor --version")
    assert_match "right", shell_output("#{bin}/rnn-tutor answer lstm-cell '[0.95, 0]' --json")
  end
end
